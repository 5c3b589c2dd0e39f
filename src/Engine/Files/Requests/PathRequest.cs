using Actors.Engine.Actors;
using Actors.Engine.Telemetry;
using Akka.Actor;

namespace Actors.Engine.Files;

/// <summary>
/// One command on a path and its answer, for a caller that is no actor. A ref without a mailbox, used once: the answer
/// is taken on the thread that performed the command.
/// </summary>
/// <typeparam name="TAnswer">The event that answers the command.</typeparam>
internal sealed class PathRequest<TAnswer> : MinimalActorRef, IEngineClient, IPathClient
    where TAnswer : EngineEvent
{
    private const int Begun = 1;
    private const int Ended = 2;

    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _taken;
    private readonly CancellationToken _cancellation;
    private readonly string _path;
    private int _state;
    private volatile bool _stopped;

    private PathRequest(FileEngine engine, string path, CancellationToken cancellationToken)
    {
        _path = path;
        _cancellation = cancellationToken;
        _taken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Path = engine.Coordinator.Path / "client";
        Provider = ((InternalActorRefBase)engine.Coordinator).Provider;
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <exception cref="FileEngineException">It was not performed.</exception>
    /// <exception cref="OperationCanceledException">It was taken back.</exception>
    public static Task<TAnswer> SendAsync(
        FileEngine engine, FileSystemCommand command, CancellationToken cancellationToken) =>
        EngineActivities.HasListeners && ActivityOf(command) is { } name
            ? TraceAsync(name, engine, command, cancellationToken)
            : AskAsync(engine, command, cancellationToken);

    /// <summary>What changes something is an activity; looking is none.</summary>
    private static string? ActivityOf(FileSystemCommand command) => command switch
    {
        Replace or CommitReplacement => "file.replace",
        Rename => "file.rename",
        Delete => "file.delete",
        Copy => "file.copy",
        CopyTree => "directory.copy",
        CreateDirectory => "directory.create",
        DeleteDirectory => "directory.delete",
        _ => null,
    };

    private static Task<TAnswer> TraceAsync(
        string name, FileEngine engine, FileSystemCommand command, CancellationToken cancellationToken) =>
        EngineActivities.TraceAsync(
            name, command.Path,
            () => new ValueTask<TAnswer>(AskAsync(engine, command, cancellationToken))).AsTask();

    private static async Task<TAnswer> AskAsync(
        FileEngine engine, FileSystemCommand command, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(command.Path, "path");
        cancellationToken.ThrowIfCancellationRequested();
        var request = new PathRequest<TAnswer>(engine, command.Path, cancellationToken);
        using var taken = request._taken;
        if (!engine.Clients.TryAdd(request))
        {
            throw new FileEngineException(
                command.Path, FailureReason.Closing, $"{command.Path}: the engine has stopped");
        }

        try
        {
            engine.Coordinator.Tell(command with { Cancellation = taken.Token }, request);
            return await request._answer.Task.ConfigureAwait(false);
        }
        finally
        {
            engine.Clients.Remove(request);
        }
    }

    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, 0) == 0;

    /// <summary>What has begun ends by itself, with its own outcome: soon, if it looks at its token, as copies do. What
    /// has not begun does not any more.</summary>
    public void EndAll(string cause)
    {
        _stopped = true;
        if (Interlocked.CompareExchange(ref _state, Ended, 0) == 0)
        {
            _answer.TrySetException(new FileEngineException(_path, FailureReason.Closing, $"{_path}: {cause}"));
        }

        try
        {
            _taken.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has its answer already.
        }
    }

    /// <summary>The system has had its time: whatever becomes of the call, its caller learns it no more.</summary>
    public void Abandon(string cause) => _answer.TrySetException(
        new FileEngineException(_path, FailureReason.Closing, $"{_path}: {cause}", isUnfinished: true));

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case TAnswer answer:
                _answer.TrySetResult(answer);
                break;
            case CommandFailed { Reason: FailureReason.Cancelled }
                when _stopped && !_cancellation.IsCancellationRequested:
                _answer.TrySetException(new FileEngineException(
                    _path, FailureReason.Closing, $"{_path}: ended early, for the engine has stopped"));
                break;
            case CommandFailed { Reason: FailureReason.Cancelled } failed:
                _answer.TrySetException(new OperationCanceledException(failed.Cause, _cancellation));
                break;
            case CommandFailed failed:
                _answer.TrySetException(FileEngineException.Of(_path, failed));
                break;
        }
    }
}
