using Actors.Engine.Files;
using Actors.Engine.Memory;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.IO;
using Akka.Streams.Stage;

namespace Actors.Engine.Streams.Stages;

/// <summary>
/// The file of one run of a stage, and the result that the run materializes. Opened once, unless its name is followed,
/// and closed whatever ends the run. The result is told after the file is closed, or its open is given up for good, so
/// that whoever awaits it may open or delete the file; bytes are counted then, with those that were still under way at
/// the end.
/// </summary>
/// <remarks>Itself the request that closes the file. Thread-safe.</remarks>
internal sealed class StageFile(string path) : FileRequest
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _openingGivenUp = new();
    private readonly TaskCompletionSource<IOResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FileEngine? _engine;
    private FileClient? _client;
    private Ending _ending = null!;
    private Phase _phase;

    private enum Phase
    {
        New,
        Opening,
        Open,
        NotOpened,
        Ended,
    }

    public Task<IOResult> Materialized => _result.Task;

    /// <summary>Of the engine; once the file is open.</summary>
    public IoBufferPool Buffers => _client!.Engine.Buffers;

    /// <summary>Opens the file.</summary>
    /// <param name="engine">Null for the one of the actor system that the stream runs in.</param>
    /// <param name="materializer">Of the stream.</param>
    /// <param name="mode">What for.</param>
    /// <param name="options">Settings of the file.</param>
    /// <param name="opened">Called with the answer, unless the run has ended before.</param>
    public Task OpenAsync(
        FileEngine? engine, IMaterializer materializer, OpenMode mode, OpenOptions? options, Action<Opening> opened)
    {
        _phase = Phase.Opening;
        return OpenAsync(() => _engine = engine ?? EngineOf(materializer), mode, options, opened);
    }

    /// <summary>Closes the file, and opens the one that its name leads to now.</summary>
    /// <inheritdoc cref="OpenAsync(FileEngine?, IMaterializer, OpenMode, OpenOptions?, Action{Opening})"/>
    public async Task ReopenAsync(OpenMode mode, OpenOptions? options, Action<Opening> opened)
    {
        bool isOpen;
        lock (_gate)
        {
            if (_phase == Phase.Ended)
            {
                return;
            }

            isOpen = _phase == Phase.Open;
            _phase = Phase.Opening;
        }

        try
        {
            if (isOpen)
            {
                var close = _client!.Rent();
                Send(close, static (_, _) => new Close(), 0);
                await new ValueTask(close, close.Version).ConfigureAwait(false);
            }
        }
        catch (FileEngineException)
        {
            // Closed all the same; when the engine has stopped, opening says so.
        }

        await OpenAsync(() => _engine!, mode, options, opened).ConfigureAwait(false);
    }

    private async Task OpenAsync(
        Func<FileEngine> engine, OpenMode mode, OpenOptions? options, Action<Opening> opened)
    {
        Opening opening;
        try
        {
            _client = new FileClient(engine(), path);
            var answer = await _client.OpenAsync(mode, options, _openingGivenUp.Token).ConfigureAwait(false);
            opening = new Opening(answer, null);
        }
        catch (Exception e)
        {
            opening = new Opening(null, e);
        }

        bool hasEnded;
        lock (_gate)
        {
            hasEnded = _phase == Phase.Ended;
            _phase = hasEnded ? Phase.Ended : opening.Failure is null ? Phase.Open : Phase.NotOpened;
        }

        if (!hasEnded)
        {
            opened(opening);
        }
        else if (opening.Failure is null)
        {
            Close();
        }
        else
        {
            Tell();
        }
    }

    /// <summary>Sends a command; the request is finished with its answer.</summary>
    public void Send<TState>(FileRequest request, Func<TState, long, FileCommand> create, TState state) =>
        _client!.Send(request, create, state);

    /// <summary>Looks how long the open file is now.</summary>
    /// <param name="byName">Whether to look for another one, too, that has its name by now. Before its length: then
    /// nothing was appended to it that comes after the other.</param>
    public async Task<Look> LookAsync(bool byName)
    {
        var named = byName ? await StatNamedAsync().ConfigureAwait(false) : null;
        if (_phase == Phase.NotOpened)
        {
            return new Look(0, named is not null);
        }

        var request = new StatRequest(_client!, default);
        Send(request, static (_, token) => new StatFile(token), 0);
        var open = await request.Task.ConfigureAwait(false);
        return new Look(open.Length, named?.Identity is { } identity && identity != open.Identity);
    }

    private async Task<FileStatus?> StatNamedAsync()
    {
        try
        {
            return await _engine!.StatAsync(path).ConfigureAwait(false);
        }
        catch (FileEngineException e) when (e.Reason is not (FailureReason.Closing or FailureReason.NotOpen))
        {
            return null;
        }
    }

    /// <summary>Closes the file, then tells the result. The first call counts.</summary>
    /// <param name="count">Tells the bytes that were done, once the file is closed.</param>
    /// <param name="failure">Of the file; null for none.</param>
    /// <param name="interruption">What ended the run before its time; null when the file did, or nothing.</param>
    public void End(Func<long> count, Exception? failure = null, Exception? interruption = null) =>
        End(new Ending(count, failure, interruption, null));

    /// <summary>Fails the result: there was no file to do anything with.</summary>
    /// <param name="fault">Why.</param>
    public void Fail(Exception fault) => End(new Ending(() => 0, null, null, fault));

    /// <summary>The stage was stopped without having ended.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="count">As for <see cref="End(Func{long}, Exception, Exception)"/>.</param>
    public void Abandon(GraphStageLogic stage, Func<long> count) =>
        End(count, null, new AbruptStageTerminationException(stage));

    private void End(Ending ending)
    {
        Phase before;
        lock (_gate)
        {
            before = _phase;
            if (before == Phase.Ended)
            {
                return;
            }

            _phase = Phase.Ended;
            _ending = ending;
        }

        switch (before)
        {
            case Phase.Opening:
                _openingGivenUp.Cancel();
                break;
            case Phase.Open:
                Close();
                break;
            default:
                Tell();
                break;
        }
    }

    /// <summary>By an abort, which closes a file that has nothing under way, and otherwise drops what is
    /// queued.</summary>
    private void Close() => Send(this, static (_, _) => new Abort(), 0);

    protected override void OnSucceeded(long result) => Tell();

    protected override void OnFailed(Exception failure)
    {
        // Those say that the engine was stopped, and has closed it; whatever was lost by that has failed on its own.
        if (failure is not FileEngineException { Reason: FailureReason.NotOpen or FailureReason.Closing })
        {
            _ending = _ending with { Failure = _ending.Failure ?? failure };
        }

        Tell();
    }

    private void Tell()
    {
        var (count, failure, interruption, fault) = _ending;
        var result = failure is null ? IOResult.Success(count()) : IOResult.Failed(count(), failure);
        if (interruption is not null)
        {
            fault = new AbruptIOTerminationException(result, interruption);
        }

        if (fault is null)
        {
            _result.TrySetResult(result);
        }
        else
        {
            _result.TrySetException(fault);
        }
    }

    private static FileEngine EngineOf(IMaterializer materializer) => materializer is ActorMaterializer actors
        ? actors.System.FileEngine()
        : throw new NotSupportedException(
            $"{materializer.GetType()} has no actor system; name the engine in the options");

    /// <summary>What became of opening: one of the two.</summary>
    internal readonly record struct Opening(Opened? Opened, Exception? Failure);

    /// <summary>What became of the file meanwhile.</summary>
    /// <param name="Length">Of the open one; 0 when none is.</param>
    /// <param name="IsReplaced">Its name leads to another one.</param>
    internal readonly record struct Look(long Length, bool IsReplaced);

    private sealed record Ending(Func<long> Count, Exception? Failure, Exception? Interruption, Exception? Fault);
}
