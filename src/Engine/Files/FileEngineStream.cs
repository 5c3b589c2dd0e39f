using Actors.Engine.Files;
using Actors.Engine.Shards;

namespace Actors.Engine;

/// <summary>
/// A file of the engine as a <see cref="Stream"/>, for everything that takes one. Asynchronous calls do not hold a
/// thread while they wait; small ones are gathered in a buffer. Get it from <see cref="FileEngine.OpenStreamAsync"/>,
/// which opens the file for it, or from <see cref="EngineFile.AsStream"/>.
/// </summary>
/// <remarks>
/// One call at a time, as streams are; one while another is under way throws <see cref="InvalidOperationException"/>.
/// <para>The synchronous calls block until the engine has answered, for which a thread of the pool must be free. On a
/// shard's thread, which could then never answer, they throw <see cref="InvalidOperationException"/> instead. <see
/// cref="Stream.Dispose()"/> is one of them where there may be something to write; a stream that only reads lets go of
/// its file without waiting.</para>
/// <para>Flushed is written, not durable: for that, flush and then call <see cref="EngineFile.SyncAsync"/> of <see
/// cref="File"/>. What could not be written throws <see cref="FileEngineException"/>, is kept, and is tried again by
/// the next flush and by <see cref="DisposeAsync"/>. What a stream has gathered that is not disposed of is lost.</para>
/// </remarks>
public sealed class FileEngineStream : Stream
{
    private readonly bool _ownsFile;
    private readonly FileReader? _reader;
    private readonly GatheredWrites _writes;
    private long _lengthKnown;
    private bool _writing;
    private int _inUse;
    private bool _disposed;

    internal FileEngineStream(EngineFile file, FileEngineStreamOptions options, bool ownsFile)
    {
        options.Validate(file.Mode, file.Alignment != IoAlignment.None);
        File = file;
        _ownsFile = ownsFile;
        _reader = file.Mode.CanRead() ? new FileReader(file, options.Reading, ownsFile: false) : null;
        _writing = _reader is null;
        _lengthKnown = file.LengthAtOpen;
        _writes = new GatheredWrites(
            file, options.BufferSize, file.Mode == OpenMode.Append ? file.LengthAtOpen : 0);
    }

    /// <summary>The file that is read and written.</summary>
    public EngineFile File { get; }

    /// <inheritdoc/>
    public override bool CanRead => !_disposed && File.Mode.CanRead();

    /// <inheritdoc/>
    public override bool CanWrite => !_disposed && File.Mode != OpenMode.Read;

    /// <inheritdoc/>
    public override bool CanSeek => !_disposed;

    /// <summary>Bytes in the file as far as this stream knows: when it was opened, and what has been read and written
    /// here since. What others have appended counts once it has been read.</summary>
    public override long Length
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _lengthKnown;
        }
    }

    /// <summary>The byte that the next call begins with. Of a file open for appending it is the end, and
    /// stays so.</summary>
    public override long Position
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return Current;
        }

        set => Seek(value, SeekOrigin.Begin);
    }

    private long Current => _writing ? _writes.Position : _reader!.Position;

    // ------------------------------------------------------------------ reading

    /// <inheritdoc cref="FileReader.ReadAsync"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            var reader = await ReaderAsync(cancellationToken).ConfigureAwait(false);
            var count = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            NoteLength(count);
            return count;
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Reads, and blocks unless something is in memory already.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <returns>Bytes read; 0 at the end of the file.</returns>
    public override int Read(Span<byte> buffer)
    {
        using (Claim())
        {
            RefuseToBlockAShard();
            var reader = Wait(ReaderAsync(default));
            var count = reader.Read(buffer);
            if (count == 0 && !buffer.IsEmpty && Wait(reader.FetchAsync()))
            {
                count = reader.Read(buffer);
                NoteLength(count);
            }

            return count;
        }
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(
        byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <summary>Writes what is left of the file to another stream, chunk by chunk, with the next one on its
    /// way.</summary>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="bufferSize">Of no meaning here: chunks are as large as this stream's buffer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        using (Claim())
        {
            var reader = await ReaderAsync(cancellationToken).ConfigureAwait(false);
            await foreach (var chunk in reader.ReadChunksAsync(cancellationToken).ConfigureAwait(false))
            {
                NoteLength(chunk.Length);
                await destination.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // ------------------------------------------------------------------ writing

    /// <summary>Writes. Completes at once while there is room in the buffer.</summary>
    /// <param name="buffer">The bytes; they may be used again once the task has completed.</param>
    /// <param name="cancellationToken">Takes the call back while it is queued: none of the bytes are written
    /// then.</param>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            BeginWriting();
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled(cancellationToken);
            }

            if (_writes.TryGather(buffer.Span))
            {
                NoteLength(buffer.Length);
                return default;
            }
        }

        return WriteThroughAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Writes, and blocks when the buffer is full.</summary>
    /// <param name="buffer">The bytes.</param>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        using (Claim())
        {
            RefuseToBlockAShard();
            BeginWriting();
            while (true)
            {
                var count = _writes.GatherPart(buffer);
                NoteLength(count);
                buffer = buffer[count..];
                if (buffer.IsEmpty)
                {
                    return;
                }

                Wait(_writes.FlushAsync(default));
            }
        }
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write([value]);

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(
        byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Completes when the kernel has everything that was written.</summary>
    /// <param name="cancellationToken">Takes back what is still queued; it is kept for the next flush.</param>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        using (Claim())
        {
            await _writes.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Blocks until the kernel has everything that was written.</summary>
    public override void Flush()
    {
        RefuseToBlockAShard();
        Wait(FlushAsync(CancellationToken.None));
    }

    // ------------------------------------------------------------------ position, length, the end

    /// <summary>Goes to a position. What has been gathered for the one before is written first, at the next call that
    /// transfers anything.</summary>
    /// <exception cref="IOException">The position is before the start, or the file is open for appending.</exception>
    public override long Seek(long offset, SeekOrigin origin)
    {
        using (Claim())
        {
            var position = offset + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => Current,
                SeekOrigin.End => Length,
                _ => throw new ArgumentOutOfRangeException(nameof(origin)),
            };
            if (position < 0)
            {
                throw new IOException($"position {position} is before the start of {File.Path}");
            }

            if (position != Current)
            {
                MoveTo(position);
            }

            return position;
        }
    }

    /// <summary>Blocks until what was written is in the file and its length is set.</summary>
    /// <param name="value">Bytes.</param>
    public override void SetLength(long value)
    {
        RefuseToBlockAShard();
        Wait(SetLengthAsync(value));
    }

    /// <summary>Sets the file's length, after what was written. A position behind it goes to the new end.</summary>
    /// <param name="value">Bytes.</param>
    /// <param name="cancellationToken">Takes the call back while it is queued.</param>
    public async Task SetLengthAsync(long value, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        using (Claim())
        {
            BeginWriting();
            await _writes.FlushAsync(cancellationToken).ConfigureAwait(false);
            _lengthKnown = await File.TruncateAsync(value, cancellationToken).ConfigureAwait(false);
            _writes.Position = File.Mode == OpenMode.Append ? value : Math.Min(value, _writes.Position);
        }
    }

    /// <summary>Writes what has been gathered, and closes the file if it was opened with the stream. Calling it twice
    /// does nothing. A call that is still under way, which should not be, goes on to its end; what has been gathered
    /// beside it is lost.</summary>
    /// <exception cref="FileEngineException">Something could not be written, or closing reported an error; the file is
    /// closed all the same.</exception>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        var idle = Interlocked.Exchange(ref _inUse, 1) == 0;
        try
        {
            await (idle ? _writes.FlushAsync(default) : default).ConfigureAwait(false);
        }
        finally
        {
            if (idle)
            {
                _writes.Dispose();
            }

            if (_reader is not null)
            {
                await _reader.DisposeAsync().ConfigureAwait(false);
            }

            if (_ownsFile)
            {
                await File.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
        {
            return;
        }

        if (File.Mode == OpenMode.Read)
        {
            // Nothing depends on it, and a thread that is blocked is missed elsewhere: many readers end at once.
            _ = DisposeAsync().AsTask().ContinueWith(
                static closed => closed.Exception, default, TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
            return;
        }

        RefuseToBlockAShard();
        Wait(DisposeAsync());
    }

    // ------------------------------------------------------------------ with the stream claimed

    private CallInProgress Claim()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Interlocked.Exchange(ref _inUse, 1) == 0
            ? new CallInProgress(this)
            : throw new InvalidOperationException(
                "another call on this stream is under way; a stream takes one at a time");
    }

    private void Release() => Volatile.Write(ref _inUse, 0);

    /// <summary>The reader at the stream's position, once what was written there is in the file.</summary>
    private async ValueTask<FileReader> ReaderAsync(CancellationToken cancellationToken)
    {
        if (_reader is null)
        {
            throw new NotSupportedException($"{File.Path} is open for {File.Mode}, not for reading");
        }

        if (_writing)
        {
            await _writes.FlushAsync(cancellationToken).ConfigureAwait(false);
            _reader.Forget(_writes.Position);
            _writing = false;
        }

        return _reader;
    }

    private void BeginWriting()
    {
        if (!CanWrite)
        {
            throw new NotSupportedException($"{File.Path} is open for {File.Mode}, not for writing");
        }

        if (!_writing)
        {
            _writes.Position = _reader!.Position;
            _writing = true;
        }
    }

    private async ValueTask WriteThroughAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        using (Claim())
        {
            await _writes.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            NoteLength(buffer.Length);
        }
    }

    private void MoveTo(long position)
    {
        if (File.Mode == OpenMode.Append)
        {
            throw new IOException($"{File.Path} is open for appending: its position is its end");
        }

        if (_writing)
        {
            _writes.Position = position;
        }
        else
        {
            _reader!.Position = position;
        }
    }

    /// <summary>So many bytes before the position are in the file, or will be.</summary>
    private void NoteLength(int transferred)
    {
        if (transferred > 0)
        {
            _lengthKnown = Math.Max(_lengthKnown, Current);
        }
    }

    // ------------------------------------------------------------------ blocking

    private void RefuseToBlockAShard()
    {
        if (EventLoop.Current is not null)
        {
            throw new InvalidOperationException(
                $"a synchronous call on {File.Path} would block a shard of the engine, which then could not answer it; "
                + "use the asynchronous calls there");
        }
    }

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => Wait(task.AsTask());

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private readonly struct CallInProgress(FileEngineStream stream) : IDisposable
    {
        public void Dispose() => stream.Release();
    }
}
