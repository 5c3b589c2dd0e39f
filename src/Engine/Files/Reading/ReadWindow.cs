using Actors.Engine.Memory;

namespace Actors.Engine.Files;

/// <summary>
/// The part of a file that a cursor has in memory: one chunk and how much of it has been used. While the file is read
/// in sequence the next chunk is on its way into a second buffer.
/// </summary>
/// <remarks>
/// A read that has begun is never taken back: cancelling ends the wait for it, and the next fetch takes up what it has
/// brought. So the buffers need no owner but this, and nothing is lost by a cancel. At the end of the file it holds none,
/// and while many files are open smaller ones. Not thread-safe.
/// </remarks>
internal sealed class ReadWindow
{
    private readonly EngineFile _file;
    private readonly bool _readAhead;
    private IoBuffer? _used;
    private IoBuffer? _filling;
    private Task<int>? _pending;
    private long _pendingOffset;
    private int _pendingLength;
    private long _endOffset;
    private int _first;
    private bool _sequential = true;

    public ReadWindow(EngineFile file, int chunkSize, bool readAhead, long position)
    {
        _file = file;
        _readAhead = readAhead;
        _endOffset = position;
        var unit = file.Alignment.Offset;
        ChunkSize = (chunkSize + unit - 1) & -unit;
    }

    /// <summary>Bytes of one read at most.</summary>
    public int ChunkSize { get; }

    /// <summary>What holds the chunk; <see cref="Start"/> and <see cref="End"/> are positions in it.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>First byte that has not been used.</summary>
    public int Start { get; private set; }

    /// <summary>Behind the last byte.</summary>
    public int End { get; private set; }

    public bool IsEmpty => Start == End;

    public ReadOnlySpan<byte> Unread => new(Bytes, Start, End - Start);

    public ReadOnlyMemory<byte> UnreadMemory => MemoryOf(Start, End - Start);

    /// <summary>Where in the file the first unused byte stands.</summary>
    public long Position => _endOffset - (End - Start);

    /// <summary>True while a chunk is on its way, or has come and not been looked at.</summary>
    public bool IsFetching => _pending is not null;

    /// <summary>A part of what holds the chunk, for others than this and the reader: an operation on it keeps it from being
    /// filled again.</summary>
    public ReadOnlyMemory<byte> MemoryOf(int start, int length) =>
        length == 0 ? default : _used!.Memory.Slice(start - _first, length);

    public void Use(int count) => Start += count;

    /// <summary>Goes to a position; what is in memory already is not read again.</summary>
    public void MoveTo(long position)
    {
        var start = position - (_endOffset - End);
        if (start >= _first && start <= End)
        {
            Start = (int)start;
        }
        else
        {
            Forget(position);
        }
    }

    /// <summary>Goes to a position, from where everything is read afresh.</summary>
    public void Forget(long position)
    {
        _sequential &= position == Position;
        _endOffset = position;
        Start = End = _first = 0;
        if (_pending is not null)
        {
            // A read that begins nowhere is of no use to anybody.
            _pendingOffset = long.MaxValue;
        }
    }

    /// <summary>Brings the next chunk, once all of this one has been used.</summary>
    /// <returns>False at the end of the file. Only a read that began with this call can say that, or fail: an earlier
    /// one does not know what has been appended since.</returns>
    public async ValueTask<bool> FetchAsync(CancellationToken cancellationToken)
    {
        if (_pending is { } earlier)
        {
            await WaitAsync(earlier, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            EndIfCompleted(earlier);
            cancellationToken.ThrowIfCancellationRequested();
            if (earlier.IsCompletedSuccessfully && TryTake(earlier.Result))
            {
                return true;
            }
        }

        var read = Begin(AlignDown(_endOffset));
        try
        {
            await WaitAsync(read, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            EndIfCompleted(read);
        }

        if (TryTake(read.Result))
        {
            return true;
        }

        ReturnBuffers();
        return false;
    }

    /// <summary>Gives the buffers back; one that is being read into goes back when the read has ended.</summary>
    public void Dispose()
    {
        _ = _pending?.ContinueWith(
            static read => read.Exception, default, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _pending = null;
        ReturnBuffers();
    }

    private void ReturnBuffers()
    {
        _used?.Return();
        _filling?.Return();
        _used = _filling = null;
        Bytes = [];
        Start = End = _first = 0;
    }

    private Task<int> Begin(long offset)
    {
        var size = SizeNow();
        if (_filling is { } before && (before.IsShared || before.Length > size))
        {
            // It was the chunk before, and an operation may still write it somewhere. Or others need room by now.
            before.Return();
            _filling = null;
        }

        _filling ??= _file.Buffers.Lend(size);
        _pendingOffset = offset;
        _pendingLength = _filling.Length;
        return _pending = _file.ReadAsync(offset, _filling.Memory).AsTask();
    }

    private int SizeNow()
    {
        var unit = _file.Alignment.Offset;
        return Math.Min(ChunkSize, (_file.BufferSizeFor(ChunkSize) + unit - 1) & -unit);
    }

    private static Task WaitAsync(Task read, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? read.WaitAsync(cancellationToken) : read;

    private void EndIfCompleted(Task read)
    {
        if (read.IsCompleted)
        {
            _pending = null;
        }
    }

    /// <summary>Makes what has been read the chunk in use, if it brings anything from the position on.</summary>
    private bool TryTake(int count)
    {
        var skipped = _endOffset - _pendingOffset;
        if (skipped < 0 || skipped >= count)
        {
            return false;
        }

        (_used, _filling) = (_filling, _used);
        var bytes = _used!.Bytes;
        Bytes = bytes.Array!;
        _first = bytes.Offset;
        Start = _first + (int)skipped;
        End = _first + count;
        _endOffset = _pendingOffset + count;
        if (_readAhead && _sequential && count == _pendingLength)
        {
            Begin(_endOffset);
        }

        _sequential = true;
        return true;
    }

    private long AlignDown(long offset) => offset & -_file.Alignment.Offset;
}
