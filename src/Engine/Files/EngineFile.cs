using System.IO.Pipelines;
using Actors.Engine.Files;
using Actors.Engine.Memory;
using Actors.Engine.Telemetry;

namespace Actors.Engine;

/// <summary>
/// An open file, for code that knows nothing of actors: reads and writes at positions, appends, sync and the rest, each
/// a <see cref="ValueTask"/> that completes with the engine's answer. Get it from <see cref="FileEngine.OpenAsync"/>.
/// </summary>
/// <remarks>
/// Thread-safe: many callers may have calls under way at once. Calls beyond the file's credits wait their turn, in
/// order. A call that fails throws <see cref="FileEngineException"/>. Memory that is passed in belongs to the engine
/// until the call's task completes, also when it is cancelled. Each task may be awaited once, as pooled ones are.
/// <para>Cancelling takes back what the kernel has not been given; what it has runs to its end, and its task completes
/// with what became of it.</para>
/// </remarks>
public sealed class EngineFile : IAsyncDisposable
{
    private readonly FileClient _client;
    private readonly Opened _opened;
    private int _disposed;

    internal EngineFile(FileClient client, Opened opened)
    {
        _client = client;
        _opened = opened;
    }

    /// <summary>Closes the file of an owner that forgot to.</summary>
    ~EngineFile() => _client.CloseForgotten();

    /// <summary>As it was opened.</summary>
    public string Path => _opened.Path;

    /// <summary>As it was opened.</summary>
    public OpenMode Mode => _opened.Mode;

    /// <summary>Bytes in the file when it was opened, after truncation if the mode truncates.</summary>
    public long LengthAtOpen => _opened.Length;

    /// <summary>What direct I/O asks of offsets, lengths and memory; nothing through the page cache.</summary>
    public IoAlignment Alignment => _opened.Alignment;

    /// <summary>The backend that does this file's I/O, e.g. <c>io-uring</c>.</summary>
    public string Backend => _opened.Backend;

    /// <summary>
    /// Reads at a position, as much as <paramref name="destination"/> takes; less only at the end of the file.
    /// </summary>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="cancellationToken">Takes the call back while it is queued.</param>
    /// <returns>Bytes read; 0 at or past the end of the file.</returns>
    public ValueTask<int> ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        if (offset >= 0 && _client.TryReadHere(destination.Span, offset, out var done))
        {
            return new ValueTask<int>(done);
        }

        var request = Send(
            static (state, token) => new Read(state.offset, state.destination, token), (offset, destination),
            cancellationToken);
        return new ValueTask<int>(request, request.Version);
    }

    /// <summary>Writes at a position; completes when the kernel has every byte.</summary>
    /// <param name="offset">Where the first byte goes, 0 or more.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="cancellationToken">Takes the call back while it is queued.</param>
    public ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        // The protocol's word for "at the end" is a negative offset, which is none of the caller's.
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return SendWrite(offset, data, cancellationToken);
    }

    /// <summary>Writes at the end of the file; completes when the kernel has every byte. Appends of any number of
    /// callers land whole, one after the other, in the order of the calls.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="cancellationToken">Takes the call back while it is queued.</param>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        SendWrite(Write.Append, data, cancellationToken);

    /// <summary>Makes everything written before it durable. When it fails the file is poisoned: every later call fails
    /// with <see cref="FailureReason.SyncFailed"/>.</summary>
    /// <param name="scope">Data only, or metadata too.</param>
    /// <param name="cancellationToken">Takes the call back while it is queued.</param>
    /// <returns>The file's length that is known to be durable.</returns>
    public ValueTask<long> SyncAsync(
        SyncScope scope = SyncScope.Data, CancellationToken cancellationToken = default) =>
        !Enum.IsDefined(scope) ? throw new ArgumentOutOfRangeException(nameof(scope), scope, "There is no such scope.")
        : EngineActivities.HasListeners ? TraceSync(scope, cancellationToken) : SendSync(scope, cancellationToken);

    /// <summary>Sets the file's length, after everything that was asked before it.</summary>
    /// <param name="length">Bytes, 0 or more.</param>
    /// <param name="cancellationToken">Takes the call back while it is queued.</param>
    /// <returns>The file's length now.</returns>
    public ValueTask<long> TruncateAsync(long length, CancellationToken cancellationToken = default) =>
        SendForLength(static (length, token) => new Truncate(length, token), length, cancellationToken);

    /// <summary>Reserves space on the device without changing the file's length, so that later writes within it cannot
    /// fail for want of space.</summary>
    /// <param name="offset">Start of the range in bytes.</param>
    /// <param name="length">Bytes, more than 0.</param>
    /// <param name="cancellationToken">Takes the call back while it is queued.</param>
    public ValueTask AllocateAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var request = Send(
            static (range, token) => new Allocate(range.offset, range.length, token), (offset, length),
            cancellationToken);
        return new ValueTask(request, request.Version);
    }

    /// <summary>What the file is like now, after everything that was asked before; found by the open file, whatever its
    /// name is by now.</summary>
    /// <param name="cancellationToken">Takes the call back while it is queued.</param>
    public Task<FileStatus> StatAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<FileStatus>(cancellationToken);
        }

        var request = new StatRequest(_client, cancellationToken);
        _client.Send(request, static (_, token) => new StatFile(token), 0);
        return request.Task;
    }

    /// <summary>A cursor that reads this file from its start, beside any number of others. It does not close the
    /// file.</summary>
    /// <param name="options">Null for the defaults; how the file is opened is settled already.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public FileReader CreateReader(FileReaderOptions? options = null) =>
        new(this, options ?? new FileReaderOptions(), ownsFile: false);

    /// <summary>This file as a <see cref="Stream"/> with a position of its own, from the start or, when it is open for
    /// appending, at the end. It does not close the file.</summary>
    /// <param name="options">Null for the defaults; how the file is opened is settled already.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the file is open for direct
    /// writing.</exception>
    public FileEngineStream AsStream(FileEngineStreamOptions? options = null) =>
        new(this, options ?? new FileEngineStreamOptions(), ownsFile: false);

    /// <summary>This file from its start as a <see cref="PipeReader"/>, to be completed by its user. It does not close
    /// the file.</summary>
    public PipeReader AsPipeReader() => PipeReader.Create(AsStream());

    /// <summary>This file as a <see cref="PipeWriter"/>, to be completed by its user, which writes the rest. It does
    /// not close the file.</summary>
    public PipeWriter AsPipeWriter() => PipeWriter.Create(AsStream());

    /// <summary>Finishes what was asked before it and closes the file. Says nothing about durability. Calling it twice
    /// does nothing.</summary>
    /// <exception cref="FileEngineException">Closing reported an error; the file is closed all the same.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        GC.SuppressFinalize(this);
        try
        {
            await (EngineActivities.HasListeners ? TraceClose() : SendClose()).ConfigureAwait(false);
        }
        catch (FileEngineException e) when (e.Reason is FailureReason.NotOpen or FailureReason.Closing)
        {
            // The engine was stopped, and has closed it; whatever was lost by that was told to its caller.
        }
    }

    /// <summary>Closes the file after the last call on it. Of two failures the first is told: it says what became of the
    /// bytes; that the kernel still has the close is told with it, for the file cannot be opened for writing until
    /// then.</summary>
    internal async ValueTask DisposeAfterAsync(ValueTask last)
    {
        try
        {
            await last.ConfigureAwait(false);
        }
        catch (Exception first)
        {
            try
            {
                await DisposeAsync().ConfigureAwait(false);
            }
            catch (FileEngineException close)
            {
                if (close.IsUnfinished && first is FileEngineException { IsUnfinished: false } failure)
                {
                    throw failure.Again(failure.BytesDone, isUnfinished: true);
                }

                // Closed all the same.
            }

            throw;
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Lends the memory of those who read and write it in pieces.</summary>
    internal IoBufferPool Buffers => _client.Engine.Buffers;

    /// <inheritdoc cref="FileEngine.BufferSizeFor"/>
    internal int BufferSizeFor(int wanted) => _client.Engine.BufferSizeFor(wanted);

    /// <summary>Bytes in the file now, if the system can be asked at once.</summary>
    internal bool TryGetLength(out long length) => _client.TryGetLength(out length);

    /// <summary>Bytes in the file now.</summary>
    internal async ValueTask<long> GetLengthAsync(CancellationToken cancellationToken) =>
        TryGetLength(out var length)
            ? length
            : (await StatAsync(cancellationToken).ConfigureAwait(false)).Length;

    /// <summary>Appends for a writer, whose request is finished with the answer.</summary>
    internal void SendAppend(FileRequest request, ReadOnlyMemory<byte> data) =>
        _client.Send(request, static (data, token) => new Write(data, Write.Append, token), data);

    private ValueTask<long> SendSync(SyncScope scope, CancellationToken cancellationToken) =>
        SendForLength(static (scope, token) => new Sync(scope, token), scope, cancellationToken);

    private ValueTask<long> TraceSync(SyncScope scope, CancellationToken cancellationToken) =>
        EngineActivities.TraceAsync("file.sync", Path, () => SendSync(scope, cancellationToken));

    private ValueTask<long> SendClose() => SendForLength(static (_, _) => new Close(), 0, default);

    private ValueTask<long> TraceClose() => EngineActivities.TraceAsync("file.close", Path, SendClose);

    private ValueTask SendWrite(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (_client.TryWriteHere(data.Span, offset, out var failure))
        {
            return failure is null ? default : ValueTask.FromException(failure);
        }

        var request = Send(
            static (state, token) => new Write(state.data, state.offset, token), (offset, data), cancellationToken);
        return new ValueTask(request, request.Version);
    }

    private ValueTask<long> SendForLength<TState>(
        Func<TState, long, FileCommand> create, TState state, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<long>(cancellationToken);
        }

        var request = Send(create, state, cancellationToken);
        return new ValueTask<long>(request, request.Version);
    }

    private AwaitedRequest Send<TState>(
        Func<TState, long, FileCommand> create, TState state, CancellationToken cancellationToken)
    {
        var request = _client.Rent();
        _client.Send(request, create, state);
        request.CancelOn(cancellationToken);
        return request;
    }
}
