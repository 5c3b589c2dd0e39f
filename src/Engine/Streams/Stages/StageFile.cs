using Actors.Engine.Files;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.IO;
using Akka.Streams.Stage;

namespace Actors.Engine.Streams.Stages;

/// <summary>
/// The file of one run of a stage, and the result that the run materializes. Opened once and closed once, whatever
/// ends the run; the result is told after the file is closed, so that whoever awaits it may open or delete the file.
/// </summary>
/// <remarks>Itself the request that closes the file. Thread-safe.</remarks>
internal sealed class StageFile(string path) : FileRequest
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _openingGivenUp = new();
    private readonly TaskCompletionSource<IOResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FileClient? _client;
    private IOResult _ioResult;
    private Exception? _fault;
    private bool _isOpen;
    private bool _ended;

    public string Path => path;

    public Task<IOResult> Materialized => _result.Task;

    /// <summary>Opens the file.</summary>
    /// <param name="engine">Null for the one of the actor system that the stream runs in.</param>
    /// <param name="materializer">Of the stream.</param>
    /// <param name="mode">What for.</param>
    /// <param name="options">Settings of the file.</param>
    /// <param name="opened">Called with the answer, unless <see cref="Opening.Failure"/>.</param>
    public async Task OpenAsync(
        FileEngine? engine, IMaterializer materializer, OpenMode mode, OpenOptions? options, Action<Opening> opened)
    {
        try
        {
            var client = _client = new FileClient(engine ?? EngineOf(materializer), path);
            var answer = await client.OpenAsync(mode, options, _openingGivenUp.Token).ConfigureAwait(false);
            lock (_gate)
            {
                _isOpen = true;
                if (_ended)
                {
                    Close();
                    return;
                }
            }

            opened(new Opening(answer, null));
        }
        catch (Exception e)
        {
            opened(new Opening(null, e));
        }
    }

    /// <summary>Sends a command; the request is finished with its answer.</summary>
    public void Send<TState>(FileRequest request, Func<TState, long, FileCommand> create, TState state) =>
        _client!.Send(request, create, state);

    /// <summary>Closes the file, then tells the result. The first call counts.</summary>
    /// <param name="result">What was done.</param>
    public void End(IOResult result) => End(result, null);

    /// <summary>Closes the file, then fails the result.</summary>
    /// <param name="fault">Why there is none.</param>
    public void Fail(Exception fault) => End(default, fault);

    /// <summary>The stage was stopped without having ended.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="bytes">Bytes done until then.</param>
    public void Abandon(GraphStageLogic stage, long bytes) => Fail(
        new AbruptIOTerminationException(IOResult.Success(bytes), new AbruptStageTerminationException(stage)));

    private void End(IOResult result, Exception? fault)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            _ioResult = result;
            _fault = fault;
            if (_isOpen)
            {
                Close();
                return;
            }
        }

        _openingGivenUp.Cancel();
        Tell();
    }

    /// <summary>By an abort, which is a close for whoever has nothing under way and does not do what is queued
    /// otherwise.</summary>
    private void Close() => Send(this, static (_, _) => new Abort(), 0);

    protected override void OnSucceeded(long result) => Tell();

    protected override void OnFailed(Exception failure)
    {
        // Those say that the engine was stopped, and has closed it; whatever was lost by that has failed on its own.
        if (failure is not FileEngineException { Reason: FailureReason.NotOpen or FailureReason.Closing }
            && _ioResult.WasSuccessful)
        {
            _ioResult = IOResult.Failed(_ioResult.Count, failure);
        }

        Tell();
    }

    private void Tell()
    {
        if (_fault is not null)
        {
            _result.TrySetException(_fault);
        }
        else
        {
            _result.TrySetResult(_ioResult);
        }
    }

    private static FileEngine EngineOf(IMaterializer materializer) => materializer is ActorMaterializer actors
        ? actors.System.FileEngine()
        : throw new NotSupportedException(
            $"{materializer.GetType()} has no actor system; name the engine in the options");

    /// <summary>What became of opening: one of the two.</summary>
    internal readonly record struct Opening(Opened? Opened, Exception? Failure);
}
