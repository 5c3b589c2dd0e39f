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
/// cref="File"/>. What could not be written throws <see cref="FileEngineException"/>. A call that writes has then brought
/// <see cref="FileEngineException.BytesDone"/> bytes, which are in the file, and the position is behind them; the rest is
/// not accepted. What earlier calls have brought is kept, and tried again by the next flush and by <see
/// cref="DisposeAsync"/>; unless <see cref="FileEngineException.IsUnfinished"/>: then every later call that writes fails
/// as well, and a flush and the disposal are as unfinished, for those bytes may still be written. What a stream has
/// gathered that is not disposed of is lost.</para>
/// </remarks>
public sealed class FileEngineStream : Stream
{
    private readonly bool _ownsFile;
    private readonly FileReader? _reader;
    private readonly GatheredWrites _writes;
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
        _writes = new GatheredWrites(file, options.BufferSize);
    }

    /// <summary>The file that is read and written.</summary>
    public EngineFile File { get; }

    /// <inheritdoc/>
    public override bool CanRead => !_disposed && File.Mode.CanRead();

    /// <inheritdoc/>
    public override bool CanWrite => !_disposed && File.Mode.CanWrite();

    /// <inheritdoc/>
    public override bool CanSeek => !_disposed;

    /// <summary>Bytes in the file now, with those that are gathered here: also what others have written. Asks the system
    /// each time, as <see cref="FileStream"/> does.</summary>
    public override long Length
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!File.TryGetLength(out var length))
            {
                RefuseToBlockAShard();
                length = Wait(File.StatAsync()).Length;
            }

            return IsAppending ? length + _writes.Gathered : Math.Max(length, _writes.End);
        }
    }

    /// <summary>The byte that the next call begins with. Of a file open for appending it is the end, and
    /// stays so.</summary>
    public override long Position
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return IsAppending ? Length : Current;
        }

        set => Seek(value, SeekOrigin.Begin);
    }

    private bool IsAppending => File.Mode == OpenMode.Append;

    private long Current => _writing ? _writes.Position : _reader!.Position;

    // ------------------------------------------------------------------ reading

    /// <inheritdoc cref="FileReader.ReadAsync"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reader = await ReaderAsync(cancellationToken).ConfigureAwait(false);
            return await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
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
            return count == 0 && !buffer.IsEmpty && Wait(reader.FetchAsync()) ? reader.Read(buffer) : count;
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

    /// <summary>Writes what is left of the file to another stream, chunk by chunk, with the next one on its way. When the
    /// other stream fails, the position is behind what it has taken.</summary>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="bufferSize">Of no meaning here: chunks are as large as this stream's buffer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        using (Claim())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reader = await ReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadChunkAsync(cancellationToken).ConfigureAwait(false) is { IsEmpty: false } chunk)
            {
                try
                {
                    await destination.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    reader.Position -= chunk.Length - TakenOf(e);
                    throw;
                }
            }
        }
    }

    /// <summary>The same, and blocks.</summary>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="bufferSize">Of no meaning here: chunks are as large as this stream's buffer.</param>
    public override void CopyTo(Stream destination, int bufferSize)
    {
        ValidateCopyToArguments(destination, bufferSize);
        using (Claim())
        {
            RefuseToBlockAShard();
            var reader = Wait(ReaderAsync(default));
            while (Wait(reader.ReadChunkAsync()) is { IsEmpty: false } chunk)
            {
                try
                {
                    destination.Write(chunk.Span);
                }
                catch (Exception e)
                {
                    reader.Position -= chunk.Length - TakenOf(e);
                    throw;
                }
            }
        }
    }

    /// <summary>Bytes that a stream has taken that failed; none, if it does not say.</summary>
    private static long TakenOf(Exception failure) => failure is FileEngineException { BytesDone: var done } ? done : 0;

    // ------------------------------------------------------------------ writing

    /// <summary>Writes. Completes at once while there is room in the buffer.</summary>
    /// <param name="buffer">The bytes; they may be used again once the task has completed.</param>
    /// <param name="cancellationToken">Takes the call back while it is queued: none of the bytes are written
    /// then.</param>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled(cancellationToken);
            }

            BeginWriting();
            if (_writes.TryGather(buffer.Span))
            {
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
            var brought = 0;
            while (true)
            {
                brought += _writes.GatherPart(buffer[brought..]);
                if (brought == buffer.Length)
                {
                    return;
                }

                var isPartGathered = brought > 0;
                try
                {
                    Wait(_writes.FlushAsync(default));
                }
                catch (Exception e)
                {
                    brought -= _writes.TakeBack(brought);
                    if (e is FileEngineException failure)
                    {
                        throw failure.Again(brought, failure.IsUnfinished && isPartGathered);
                    }

                    throw;
                }
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
            cancellationToken.ThrowIfCancellationRequested();
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
                SeekOrigin.Current => Position,
                SeekOrigin.End => Length,
                _ => throw new ArgumentOutOfRangeException(nameof(origin)),
            };
            if (position < 0)
            {
                throw new IOException($"position {position} is before the start of {File.Path}");
            }

            if (position != Position)
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
            cancellationToken.ThrowIfCancellationRequested();
            BeginWriting();
            await _writes.FlushForAsync(cancellationToken).ConfigureAwait(false);
            await File.TruncateAsync(value, cancellationToken).ConfigureAwait(false);
            _writes.Position = Math.Min(value, _writes.Position);
        }
    }

    /// <summary>Writes what has been gathered, and closes the file if it was opened with the stream. Calling it twice
    /// does nothing. A call that is still under way, which should not be, goes on to its end; what has been gathered
    /// beside it is lost.</summary>
    /// <exception cref="FileEngineException">Something could not be written, or closing reported an error; the file is
    /// closed all the same.</exception>
    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return default;
        }

        var end = EndAsync(isIdle: Interlocked.Exchange(ref _inUse, 1) == 0);
        return _ownsFile ? File.DisposeAfterAsync(end) : end;
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

    private async ValueTask EndAsync(bool isIdle)
    {
        try
        {
            await (isIdle ? _writes.FlushAsync(default) : default).ConfigureAwait(false);
        }
        finally
        {
            if (isIdle)
            {
                _writes.Dispose();
            }

            if (_reader is not null)
            {
                await _reader.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The reader at the stream's position, once what was written there is in the file.</summary>
    private async ValueTask<FileReader> ReaderAsync(CancellationToken cancellationToken)
    {
        if (_reader is null)
        {
            throw new NotSupportedException($"{File.Path} is open for {File.Mode}, not for reading");
        }

        if (_writing)
        {
            await _writes.FlushForAsync(cancellationToken).ConfigureAwait(false);
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
        }
    }

    private void MoveTo(long position)
    {
        if (IsAppending)
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

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(ValueTask<T> task) => Wait(task.AsTask());

    private readonly struct CallInProgress(FileEngineStream stream) : IDisposable
    {
        public void Dispose() => stream.Release();
    }
}
