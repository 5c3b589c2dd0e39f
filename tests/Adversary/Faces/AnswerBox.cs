using System.Collections.Concurrent;
using Actors.Engine;
using Akka.Actor;

namespace Actors.Adversary.Faces;

/// <summary>
/// The client of one file actor: a reference that answers come to, whatever thread they come on. It gives each command
/// its answer, and notes an answer that nothing asked for.
/// </summary>
internal sealed class AnswerBox : MinimalActorRef
{
    private readonly ConcurrentDictionary<object, TaskCompletionSource<EngineEvent>> _asked =
        new(ReferenceEqualityComparer.Instance);

    private readonly Lock _gate = new();
    private readonly Queue<Write> _appends = new();
    private readonly Action<string> _breach;
    private long _tokens;

    public AnswerBox(FileEngine engine, Action<string> breach)
    {
        _breach = breach;
        Path = engine.Coordinator.Path / "adversary";
        Provider = ((InternalActorRefBase)engine.Coordinator).Provider;
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    /// <summary>The sender of <see cref="Opened"/>.</summary>
    public IActorRef File { get; private set; } = ActorRefs.Nobody;

    /// <summary>Batches that came between a demand and its answer.</summary>
    public ConcurrentQueue<IDisposable> Batches { get; } = new();

    public long NextToken() => Interlocked.Increment(ref _tokens);

    /// <summary>Sends a command and waits for its answer. Answers name the command by its token.</summary>
    public Task<EngineEvent> AskAsync(IActorRef to, EngineCommand command)
    {
        var answer = new TaskCompletionSource<EngineEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _asked[command] = answer;
            if (command is Write { Offset: Write.Append } append)
            {
                _appends.Enqueue(append);
            }
        }

        to.Tell(command, this);
        return answer.Task;
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case Opened opened:
                File = sender;
                Answer(command => command is Open, opened);
                break;
            case CommandFailed failed:
                Forget(failed.Command);
                Answer(command => ReferenceEquals(command, failed.Command), failed);
                break;
            case Written written:
                OnWritten(written);
                break;
            case Chunk or LineBatch:
                Batches.Enqueue((IDisposable)message);
                break;
            case DataRead read:
                Answer(command => command is Read { Token: var token } && token == read.Token, read);
                break;
            case Synced synced:
                Answer(command => command is Sync { Token: var token } && token == synced.Token, synced);
                break;
            case Truncated truncated:
                Answer(command => command is Truncate { Token: var token } && token == truncated.Token, truncated);
                break;
            case Cancelled cancelled:
                Answer(command => command is Cancel { Token: var token } && token == cancelled.Token, cancelled);
                break;
            case FileStatResult stat:
                Answer(command => command is StatFile { Token: var token } && token == stat.Token, stat);
                break;
            case DemandMet met:
                Answer(command => command is Demand { Token: var token } && token == met.Token, met);
                break;
            case Closed or Aborted:
                Answer(command => command is Close or Abort, (EngineEvent)message);
                break;
            case EngineEvent other:
                _breach($"an answer that nothing asked for: {other}");
                break;
        }
    }

    /// <summary>One answer covers a run of appends, or one write at a position.</summary>
    private void OnWritten(Written written)
    {
        bool IsPositional(object command) =>
            command is Write { Offset: not Write.Append, Token: var token } && token == written.LastToken;
        if (_asked.Keys.Any(IsPositional))
        {
            Answer(IsPositional, written);
            return;
        }

        for (var i = 0; i < written.Count; i++)
        {
            Write? append;
            lock (_gate)
            {
                _appends.TryDequeue(out append);
            }

            if (append is null)
            {
                _breach($"an answer that nothing asked for: {written}");
                return;
            }

            Answer(command => ReferenceEquals(command, append), written);
        }
    }

    private void Forget(EngineCommand command)
    {
        lock (_gate)
        {
            if (command is Write { Offset: Write.Append } append)
            {
                var left = _appends.Where(other => !ReferenceEquals(other, append)).ToArray();
                _appends.Clear();
                Array.ForEach(left, _appends.Enqueue);
            }
        }
    }

    private void Answer(Func<object, bool> asked, EngineEvent answer)
    {
        var command = _asked.Keys.FirstOrDefault(asked);
        if (command is null || !_asked.TryRemove(command, out var source))
        {
            _breach($"an answer that nothing asked for, or a second one: {answer}");
            return;
        }

        source.SetResult(answer);
    }
}
