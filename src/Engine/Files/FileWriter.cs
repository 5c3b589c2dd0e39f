using System.Buffers;
using System.Text;
using Actors.Engine.Files;
using Actors.Engine.Memory;

namespace Actors.Engine;

/// <summary>
/// Writes bytes, text and lines at the end of a file, gathered in a buffer: a call that fits costs a copy, and no
/// message. A full buffer is handed to the engine while the next one is filled; a caller that is faster than the disk
/// waits then, so that a writer never holds more than two.
/// </summary>
/// <remarks>
/// Three words: <b>accepted</b> when a call's task completes, <b>written</b> (the kernel has it) after <see
/// cref="FlushAsync"/>, <b>durable</b> after <see cref="SyncAsync"/>. Memory that is passed in may be used again once
/// the task has completed.
/// <para>Thread-safe but for <see cref="GetSpan"/>, <see cref="GetMemory"/> and <see cref="Advance"/>: what one call
/// writes lands together. Nothing else should append to the file meanwhile.</para>
/// <para>Buffers are written one after the other. When one cannot be, what follows it is not tried: every later call
/// throws the same <see cref="FileEngineException"/>, <see cref="Written"/> says how far the file is good, and
/// <see cref="DisposeAsync"/> throws it if no call has yet.</para>
/// </remarks>
public sealed partial class FileWriter : IBufferWriter<byte>, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly bool _ownsFile;
    private readonly int _bufferSize;
    private readonly Encoding _encoding;
    private readonly bool _isUtf8;
    private readonly byte[] _newLine;
    private readonly SegmentQueue _segments;
    private IoBuffer? _buffer;
    private ArraySegment<byte> _bytes;
    private int _used;
    private int _fullSize;
    private bool _isBusy;
    private bool _disposed;

    // What GetMemory has given out and Advance has not been told of: the rest of the buffer from there on, or, once other
    // bytes have come before it, the rest of a buffer of its own.
    private int _givenAt = -1;
    private IoBuffer? _given;
    private int _givenStart;

    internal FileWriter(EngineFile file, FileWriterOptions options, bool ownsFile)
    {
        File = file;
        _ownsFile = ownsFile;
        _bufferSize = options.BufferSize;
        _encoding = options.Encoding;
        _isUtf8 = _encoding.CodePage == Encoding.UTF8.CodePage;
        _newLine = _encoding.GetBytes(options.NewLine);
        _segments = new SegmentQueue(file, _gate);
        if (file.LengthAtOpen == 0)
        {
            Copy(_encoding.Preamble);
        }
    }

    /// <summary>The file that is written.</summary>
    public EngineFile File { get; }

    /// <summary>Bytes that calls have brought so far.</summary>
    public long Accepted
    {
        get
        {
            lock (_gate)
            {
                return AcceptedNow;
            }
        }
    }

    /// <summary>Bytes that the kernel has; they are the first of those accepted.</summary>
    public long Written
    {
        get
        {
            lock (_gate)
            {
                return _segments.Written;
            }
        }
    }

    // ------------------------------------------------------------------ bytes

    /// <summary>Writes bytes. Completes at once while there is room in the buffer; data as large as a buffer is not
    /// copied, and its call completes when it is written.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="cancellationToken">Ends the wait for room with an exception; the bytes are accepted all the
    /// same. Data that is not copied is waited for: until then its memory is in use.</param>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (Refusal(cancellationToken) is { } refused)
            {
                return refused;
            }

            if (data.Length >= _bufferSize)
            {
                HandOver();
                return _segments.WaitForAll(_segments.Add(data), default);
            }

            var start = AcceptedNow;
            Copy(data.Span);
            return _segments.WaitForRoom(start, AcceptedNow, cancellationToken);
        }
    }

    /// <summary>Writes bytes and a line end.</summary>
    /// <param name="line">The bytes of the line.</param>
    /// <param name="cancellationToken">As for <see cref="WriteAsync(ReadOnlyMemory{byte},
    /// CancellationToken)"/>.</param>
    public ValueTask WriteLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken = default) =>
        WriteBytes(line.Span, true, cancellationToken);

    // ------------------------------------------------------------------ text

    /// <summary>Writes text in the writer's encoding, each call's by itself: a surrogate pair must not be split between
    /// two.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">As for <see cref="WriteAsync(ReadOnlyMemory{byte},
    /// CancellationToken)"/>.</param>
    public ValueTask WriteAsync(string text, CancellationToken cancellationToken = default) =>
        WriteText(text, false, cancellationToken);

    /// <inheritdoc cref="WriteAsync(string, CancellationToken)"/>
    public ValueTask WriteAsync(ReadOnlyMemory<char> text, CancellationToken cancellationToken = default) =>
        WriteText(text.Span, false, cancellationToken);

    /// <summary>Writes text and a line end, together.</summary>
    /// <inheritdoc cref="WriteAsync(string, CancellationToken)"/>
    public ValueTask WriteLineAsync(string text, CancellationToken cancellationToken = default) =>
        WriteText(text, true, cancellationToken);

    /// <inheritdoc cref="WriteLineAsync(string, CancellationToken)"/>
    public ValueTask WriteLineAsync(ReadOnlyMemory<char> text, CancellationToken cancellationToken = default) =>
        WriteText(text.Span, true, cancellationToken);

    // ------------------------------------------------------------------ as a buffer writer

    /// <summary>Room for one caller to write into, until its next <see cref="Advance"/>; other calls meanwhile, a flush
    /// among them, do not touch it. What is written this way is gathered without limit until a <see cref="FlushAsync"/> is
    /// awaited.</summary>
    /// <param name="sizeHint">Bytes needed at least; 0 for any.</param>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var needed = Math.Max(1, sizeHint);
            if (_given is { } given && given.Length - _givenStart >= needed)
            {
                return given.Memory[_givenStart..];
            }

            _given = null;
            _givenAt = -1;
            MakeRoom(needed);
            _givenAt = _used;
            return _buffer!.Memory[_used..];
        }
    }

    /// <inheritdoc cref="GetMemory"/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Accepts what was written into the memory that <see cref="GetMemory"/> gave, behind what other calls have
    /// written since. The memory is not the caller's any more.</summary>
    /// <param name="count">Bytes.</param>
    public void Advance(int count)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(
                count, _givenAt >= 0 ? _bytes.Count - _used : (_given?.Length ?? 0) - _givenStart);
            if (_given is { } given)
            {
                Copy(given.Bytes.AsSpan(_givenStart, count));
                _given = null;
                _givenStart = 0;
                given.Return();
            }
            else
            {
                _used += count;
                _givenAt = -1;
            }
        }
    }

    // ------------------------------------------------------------------ written, durable, closed

    /// <summary>Completes when the kernel has everything that was accepted before.</summary>
    /// <param name="cancellationToken">Ends the wait; writing goes on.</param>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (Refusal(cancellationToken) is { } refused)
            {
                return refused;
            }

            HandOver();
            return _segments.WaitForAll(_segments.Written, cancellationToken);
        }
    }

    /// <summary>Completes when everything that was accepted before is on the device.</summary>
    /// <param name="scope">Data only, or metadata too.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The file's length that is known to be durable.</returns>
    public async ValueTask<long> SyncAsync(
        SyncScope scope = SyncScope.Data, CancellationToken cancellationToken = default)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        return await File.SyncAsync(scope, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what is left, and closes the file if it was opened with the writer. Calling it twice does
    /// nothing.</summary>
    /// <exception cref="FileEngineException">Something accepted could not be written, and no call has said so
    /// yet.</exception>
    public async ValueTask DisposeAsync()
    {
        ValueTask written;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            HandOver();
            written = _segments.WaitForEnd();
        }

        await (_ownsFile ? File.DisposeAfterAsync(written) : written).ConfigureAwait(false);
    }

    // ------------------------------------------------------------------ with the lock held

    private long AcceptedNow => _segments.Accepted + _used;

    private ValueTask? Refusal(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : _segments.Refusal;
    }

    private ValueTask WriteText(ReadOnlySpan<char> text, bool line, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Refusal(cancellationToken) is { } refused)
            {
                return refused;
            }

            var start = AcceptedNow;
            Encode(text);
            if (line)
            {
                Copy(_newLine);
            }

            return _segments.WaitForRoom(start, AcceptedNow, cancellationToken);
        }
    }

    private void Encode(ReadOnlySpan<char> text)
    {
        var room = Room();
        var bytesMax = _encoding.GetMaxByteCount(text.Length);
        if (bytesMax > room.Length && bytesMax <= _fullSize - _used)
        {
            MakeRoom(bytesMax);
            room = Room();
        }

        if (bytesMax <= room.Length)
        {
            _used += _encoding.GetBytes(text, room);
            return;
        }

        var encoded = ArrayPool<byte>.Shared.Rent(bytesMax);
        Copy(encoded.AsSpan(0, _encoding.GetBytes(text, encoded)));
        ArrayPool<byte>.Shared.Return(encoded);
    }

    private void Copy(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        var room = Room();
        while (data.Length > room.Length)
        {
            data[..room.Length].CopyTo(room);
            data = data[room.Length..];
            _used += room.Length;
            room = Room();
        }

        data.CopyTo(room);
        _used += data.Length;
    }

    /// <summary>What is free in the buffer, never nothing.</summary>
    private Span<byte> Room()
    {
        if (_givenAt >= 0)
        {
            LeaveGiven();
        }

        if (_used == _bytes.Count)
        {
            MakeRoom(1);
        }

        return _bytes.AsSpan(_used);
    }

    /// <summary>Has so many bytes free in the buffer: by a first one, a larger one, or the next one.</summary>
    private void MakeRoom(int needed)
    {
        if (_bytes.Count - _used >= needed)
        {
            return;
        }

        if (_buffer is not null && _fullSize - _used < needed)
        {
            HandOver();
        }

        if (_buffer is not { } smaller)
        {
            _fullSize = File.BufferSizeFor(_bufferSize);
            Take(Math.Max(_isBusy ? _fullSize : Math.Min(IoBufferPool.SizeMin, _fullSize), needed));
            return;
        }

        var gathered = _bytes[.._used];
        Take(_fullSize);
        gathered.CopyTo(_bytes);
        smaller.Return();
    }

    private void Take(int size)
    {
        _buffer = File.Buffers.Lend(size);
        _bytes = _buffer.Bytes;
    }

    /// <summary>Leaves the buffer to the caller who has been given the rest of it, and goes on with another one.</summary>
    private void LeaveGiven()
    {
        var gathered = _bytes[.._used];
        _given = _buffer;
        _givenStart = _givenAt;
        _givenAt = -1;
        _buffer = null;
        _bytes = default;
        if (gathered.Count > 0)
        {
            Take(Math.Max(_fullSize, gathered.Count));
            gathered.CopyTo(_bytes);
        }
    }

    private void HandOver()
    {
        if (_givenAt >= 0)
        {
            LeaveGiven();
        }

        if (_buffer is { } buffer)
        {
            var used = _used;
            _isBusy = used > IoBufferPool.SizeMin;
            _buffer = null;
            _bytes = default;
            _used = 0;
            _segments.Add(buffer, used);
        }
    }
}
