using System.Runtime.CompilerServices;
using System.Text;
using Actors.Engine.Files;

namespace Actors.Engine;

/// <summary>
/// Reads a file from a position onwards: bytes, chunks, lines, text. It holds a chunk of the file in memory, and while
/// it is read in sequence has the next one read. Get it from <see cref="FileEngine.OpenReaderAsync"/>, which opens the
/// file for it, or from <see cref="EngineFile.CreateReader"/>: any number of readers may share one file.
/// </summary>
/// <remarks>
/// One call at a time: a call while another is under way, an enumeration included, throws <see
/// cref="InvalidOperationException"/>; a second reader is one <see cref="Clone"/> away. A call after <see
/// cref="DisposeAsync"/> throws <see cref="ObjectDisposedException"/>. What cannot be read throws <see
/// cref="FileEngineException"/>; the position stays where it was, and a later call tries again.
/// <para>At the end of the file calls return 0, null or an empty chunk. Later calls look again and go on with what has
/// been appended since, as <c>tail -f</c> does. The position counts: a file that is truncated and written anew is at its
/// end until it is longer than the position, and goes on in the middle of what is then there, unless <see
/// cref="FileReaderOptions.RestartWhenTruncated"/>.</para>
/// <para>Cancelling ends the wait for a chunk; the position stays where it was, and what comes of the read is kept for
/// the next call.</para>
/// </remarks>
public sealed partial class FileReader : IAsyncDisposable
{
    private readonly FileReaderOptions _options;
    private readonly ReadWindow _window;
    private readonly bool _ownsFile;
    private int _inUse;
    private bool _disposed;

    internal FileReader(EngineFile file, FileReaderOptions options, bool ownsFile, long position = 0)
    {
        options.Validate();
        File = file;
        _options = options;
        _ownsFile = ownsFile;
        _window = new ReadWindow(file, options.ChunkSize, options.ReadAhead, position);
        _encoding = options.Encoding;
        _lineEnds = new LineEnds(_encoding, options.UniversalNewLines);
        _markDue = position == 0;
    }

    /// <summary>The file that is read.</summary>
    public EngineFile File { get; }

    /// <summary>
    /// The byte that the next call begins with, from the start of the file. May be set to anything from 0, also behind
    /// the end; what is in memory already is not read again.
    /// </summary>
    public long Position
    {
        get => _window.Position - (_joinedLength - _joinedTaken);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            using (Claim())
            {
                MoveTo(value);
            }
        }
    }

    // ------------------------------------------------------------------ bytes

    /// <summary>Reads what is at hand, or when that is nothing, what one read brings.</summary>
    /// <param name="destination">Where the bytes go; one as large as a chunk may be filled by the engine
    /// directly, and belongs to it until the call's task completes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Bytes read, at least 1; 0 at the end of the file, or for an empty destination.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<int>(cancellationToken);
            }

            LeaveLines();
            if (destination.IsEmpty || !_window.IsEmpty)
            {
                return new ValueTask<int>(CopyTo(destination.Span));
            }
        }

        return ReadAfterFetchAsync(destination, cancellationToken);
    }

    /// <summary>Gives what is at hand, or when that is nothing, the next chunk, without a copy.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Bytes that are valid until the reader's next call; none at the end of the file.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> ReadChunkAsync(CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            return await TakeChunkAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The chunks from the position to the end of the file.</summary>
    /// <param name="cancellationToken">Ends the wait for a chunk.</param>
    /// <returns>Each chunk is valid until the next one is asked for.</returns>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunksAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            while (await TakeChunkAsync(cancellationToken).ConfigureAwait(false) is { IsEmpty: false } chunk)
            {
                yield return chunk;
            }
        }
    }

    /// <summary>The bytes from the position to the end of the file.</summary>
    /// <param name="cancellationToken">Ends the wait; the position stays where it was.</param>
    /// <exception cref="FileEngineException">There are more than an array holds: <see
    /// cref="FailureReason.FileTooLarge"/>.</exception>
    public async ValueTask<byte[]> ReadToEndAsync(CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            cancellationToken.ThrowIfCancellationRequested();
            LeaveLines();
            var start = Position;
            try
            {
                return await TakeAllAsync(Array.MaxLength, "an array", cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                MoveTo(start);
                throw;
            }
        }
    }

    // ------------------------------------------------------------------ other cursors, the end

    /// <summary>Another reader of the same file, with the same settings, at this one's position. It does not own the
    /// file: that is closed with the reader, or by the caller, that opened it.</summary>
    public FileReader Clone()
    {
        using (Claim())
        {
            return new FileReader(File, _options, ownsFile: false, Position)
            {
                _encoding = _encoding,
                _lineEnds = _lineEnds,
            };
        }
    }

    /// <summary>Gives the memory back, and closes the file if it was opened with the reader. Calling it twice does
    /// nothing. A call that is under way goes on to its end.</summary>
    /// <exception cref="FileEngineException">Closing reported an error; the file is closed all the same.</exception>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return default;
        }

        // What is handed out line by line looks at this no more often than it must.
        _plain = false;
        if (Interlocked.Exchange(ref _inUse, 1) == 0)
        {
            ReleaseMemory();
        }

        return _ownsFile ? File.DisposeAsync() : default;
    }

    // ------------------------------------------------------------------ for a stream

    /// <summary>Goes to a position, from where everything is read afresh: the file has been changed.</summary>
    internal void Forget(long position)
    {
        using (Claim())
        {
            MoveTo(position);
            _window.Forget(position);
        }
    }

    /// <summary>Reads what is in memory.</summary>
    /// <returns>Bytes read; 0 when there are none.</returns>
    internal int Read(Span<byte> destination)
    {
        using (Claim())
        {
            LeaveLines();
            return CopyTo(destination);
        }
    }

    /// <summary>Brings a chunk into memory, unless there is one.</summary>
    /// <returns>False at the end of the file.</returns>
    internal async ValueTask<bool> FetchAsync()
    {
        using (Claim())
        {
            return !_window.IsEmpty || await FetchAsync(default).ConfigureAwait(false);
        }
    }

    // ------------------------------------------------------------------ one call at a time

    private CallInProgress Claim()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        if (Interlocked.Exchange(ref _inUse, 1) == 1)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
            throw InUse();
        }

        return new CallInProgress(this);
    }

    private static InvalidOperationException InUse() => new(
        "another call on this reader, or an enumeration, is under way; a reader takes one at a time. Clone() makes a "
        + "second one at the same position");

    private void Release()
    {
        Volatile.Write(ref _inUse, 0);

        // Disposed meanwhile, which left the memory to the call.
        if (Volatile.Read(ref _disposed) && Interlocked.Exchange(ref _inUse, 1) == 0)
        {
            ReleaseMemory();
        }
    }

    // ------------------------------------------------------------------ with the reader claimed

    private void MoveTo(long position)
    {
        ReturnJoined();
        _starved = _atEnd = _plain = false;
        _markDue = position == 0;
        _window.MoveTo(position);
    }

    private int CopyTo(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, _window.End - _window.Start);
        _window.Unread[..count].CopyTo(destination);
        _window.Use(count);
        return count;
    }

    private async ValueTask<int> ReadAfterFetchAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        using (Claim())
        {
            return await ReadAtPositionAsync(destination, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<int> ReadAtPositionAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_window.IsEmpty && CanFill(destination))
        {
            var count = await File.ReadAsync(_window.Position, destination, cancellationToken).ConfigureAwait(false);
            _window.MoveTo(_window.Position + count);
            return count;
        }

        return _window.IsEmpty && !await FetchAsync(cancellationToken).ConfigureAwait(false)
            ? 0
            : CopyTo(destination.Span);
    }

    /// <summary>Brings the next chunk.</summary>
    /// <returns>False at the end of the file.</returns>
    private ValueTask<bool> FetchAsync(CancellationToken cancellationToken) => _options.RestartWhenTruncated
        ? FetchOrRestartAsync(cancellationToken)
        : _window.FetchAsync(cancellationToken);

    /// <summary>A line that has begun ends first, with the file that it was in.</summary>
    private async ValueTask<bool> FetchOrRestartAsync(CancellationToken cancellationToken)
    {
        if (await _window.FetchAsync(cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        if (_joinedLength > 0 || await File.GetLengthAsync(cancellationToken).ConfigureAwait(false) >= Position)
        {
            return false;
        }

        MoveTo(0);
        return await _window.FetchAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the engine may fill the caller's memory: nothing is on its way that the bytes are part of, and
    /// they may be anywhere in the file and in memory.</summary>
    private bool CanFill(Memory<byte> destination) =>
        destination.Length >= _window.ChunkSize && !_window.IsFetching && File.Alignment == IoAlignment.None
        && !_options.RestartWhenTruncated;

    private async ValueTask<ReadOnlyMemory<byte>> TakeChunkAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LeaveLines();
        if (_window.IsEmpty && !await FetchAsync(cancellationToken).ConfigureAwait(false))
        {
            return default;
        }

        var chunk = _window.UnreadMemory;
        _window.Use(chunk.Length);
        return chunk;
    }

    private async ValueTask<byte[]> TakeAllAsync(long sizeMax, string holder, CancellationToken cancellationToken)
    {
        var length = File.TryGetLength(out var now) ? now : File.LengthAtOpen;
        var bytes = Resized([], Math.Max(length - _window.Position, 0), sizeMax, holder);
        var filled = 0;
        while (true)
        {
            if (filled == bytes.Length)
            {
                if (_window.IsEmpty && !await FetchAsync(cancellationToken).ConfigureAwait(false))
                {
                    return bytes;
                }

                bytes = Resized(
                    bytes, Math.Max(filled + 1L, Math.Min(Math.Max(2L * filled, _window.ChunkSize), sizeMax)), sizeMax,
                    holder);
            }

            var count = await ReadAtPositionAsync(bytes.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return bytes[..filled];
            }

            filled += count;
        }
    }

    private byte[] Resized(byte[] bytes, long size, long sizeMax, string holder)
    {
        if (size > sizeMax)
        {
            throw new FileEngineException(
                File.Path, FailureReason.FileTooLarge,
                $"{File.Path} has {size} bytes or more to be read, and {holder} takes at most {sizeMax}; read it in pieces");
        }

        try
        {
            Array.Resize(ref bytes, (int)size);
            return bytes;
        }
        catch (OutOfMemoryException)
        {
            throw NoMemory(size);
        }
    }

    /// <summary>From lines to bytes: a line whose beginning has been put aside is read again.</summary>
    private void LeaveLines()
    {
        if (_joinedLength > _joinedTaken)
        {
            MoveTo(Position);
        }

        ReturnJoined();
        _plain = _starved = false;
    }

    private void ReleaseMemory()
    {
        _window.Dispose();
        ReturnJoined();
    }

    private readonly struct CallInProgress(FileReader reader) : IDisposable
    {
        public void Dispose() => reader.Release();
    }
}
