using System.Buffers;
using System.Text;
using Actors.Engine.Files;

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
    private readonly WriterBuffers _buffers;
    private byte[]? _buffer;
    private int _used;
    private bool _disposed;

    internal FileWriter(EngineFile file, FileWriterOptions options, bool ownsFile)
    {
        File = file;
        _ownsFile = ownsFile;
        _bufferSize = options.BufferSize;
        _encoding = options.Encoding;
        _isUtf8 = _encoding.CodePage == Encoding.UTF8.CodePage;
        _newLine = _encoding.GetBytes(options.NewLine);
        _buffers = file.WriterBuffers;
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
                return _segments.Accepted + _used;
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
                return _segments.WaitFor(_segments.Add(data), default);
            }

            Copy(data.Span);
            return _segments.WaitForRoom(cancellationToken);
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

    /// <summary>Room for one caller to write into, at the end of what it has written. What is written this way is
    /// gathered without limit until a <see cref="FlushAsync"/> is awaited.</summary>
    /// <param name="sizeHint">Bytes needed at least; 0 for any.</param>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_buffer is not null && _buffer.Length - _used < Math.Max(1, sizeHint))
            {
                HandOver();
            }

            _buffer ??= _buffers.Rent(Math.Max(_bufferSize, sizeHint));
            return _buffer.AsMemory(_used);
        }
    }

    /// <inheritdoc cref="GetMemory"/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Accepts what was written into the memory that <see cref="GetMemory"/> gave.</summary>
    /// <param name="count">Bytes.</param>
    public void Advance(int count)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (_buffer?.Length ?? 0) - _used);
            _used += count;
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
            return _segments.WaitFor(_segments.Accepted, cancellationToken);
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

        try
        {
            await written.ConfigureAwait(false);
        }
        finally
        {
            if (_ownsFile)
            {
                await File.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // ------------------------------------------------------------------ with the lock held

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

            Encode(text);
            if (line)
            {
                Copy(_newLine);
            }

            return _segments.WaitForRoom(cancellationToken);
        }
    }

    private void Encode(ReadOnlySpan<char> text)
    {
        var room = Room();
        var bytesMax = _encoding.GetMaxByteCount(text.Length);
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
        if (_buffer is not null && _used == _buffer.Length)
        {
            HandOver();
        }

        _buffer ??= _buffers.Rent(_bufferSize);
        return _buffer.AsSpan(_used);
    }

    private void HandOver()
    {
        if (_buffer is { } buffer)
        {
            var used = _used;
            _buffer = null;
            _used = 0;
            _segments.Add(buffer, used);
        }
    }
}
