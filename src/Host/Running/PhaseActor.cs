using System.Diagnostics;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// Runs one phase: spawns a parent on every shard that gets files, lets them all begin at once, and gathers what became
/// of the files. <see cref="PreparePhase"/>, then <see cref="BeginPhase"/>; <see cref="StopPhase"/> at any time.
/// </summary>
internal sealed class PhaseActor : UntypedActor
{
    private readonly PhasePlan _plan;
    private readonly IReadOnlyList<ShardShare> _shares;
    private readonly IReadOnlyList<ShardProgress> _progress;
    private readonly IActorRef _coordinator;
    private readonly FileResult?[] _results;
    private readonly Dictionary<IActorRef, ShardShare> _running = [];
    private readonly List<IActorRef> _shardParents = [];
    private IActorRef _client = ActorRefs.Nobody;
    private IActorRef _stopper = ActorRefs.Nobody;
    private int _stopping;
    private bool _begun;
    private int _ready;
    private long _begunAt = long.MaxValue;

    public PhaseActor(
        PhasePlan plan,
        IReadOnlyList<ShardShare> shares,
        IReadOnlyList<ShardProgress> progress,
        IActorRef coordinator)
    {
        _plan = plan;
        _shares = shares;
        _progress = progress;
        _coordinator = coordinator;
        _results = new FileResult?[plan.Files];
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PreparePhase:
                _client = Sender;
                SpawnShards();
                break;
            case ShardReady:
                _ready++;
                AnswerWhenReady();
                break;
            case BeginPhase:
                _client = Sender;
                _begun = true;
                TellAll(message);
                AnswerWhenFinished();
                break;
            case BeginMeasuring or EndPhase:
                TellAll(message);
                break;
            case StopPhase:
                _stopper = Sender;
                TellAll(message);
                break;
            case ShardStopping:
                _stopping++;
                AnswerWhenStopping();
                break;
            case ShardFinished finished:
                Gather(finished);
                break;
            case Terminated terminated:
                OnLost(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void SpawnShards()
    {
        for (var i = 0; i < _shares.Count; i++)
        {
            var share = _shares[i];
            var progress = _progress[i];
            var shard = Context.ActorOf(ActorFactory<ShardProducersActor>.Props(
                () => new ShardProducersActor(_plan, share, _coordinator, progress), share.DispatcherId));
            _running.Add(Context.Watch(shard), share);
            _shardParents.Add(shard);
        }
    }

    private void Gather(ShardFinished finished)
    {
        _begunAt = Math.Min(_begunAt, finished.BegunAt);
        foreach (var file in finished.Files)
        {
            _results[file.File] = file;
        }

        _running.Remove(Sender);
        Context.Unwatch(Sender);
        AnswerWhenFinished();
    }

    private void OnLost(IActorRef shard)
    {
        if (!_running.Remove(shard))
        {
            return;
        }

        _shardParents.Remove(shard);
        AnswerWhenStopping();

        if (_begun)
        {
            AnswerWhenFinished();
        }
        else
        {
            AnswerWhenReady();
        }
    }

    private void AnswerWhenStopping()
    {
        if (!_stopper.IsNobody() && _stopping >= _shardParents.Count)
        {
            _stopper.Tell(new PhaseStopping(), Self);
        }
    }

    private void AnswerWhenReady()
    {
        if (_ready >= _running.Count)
        {
            _client.Tell(new PhaseReady(), Self);
        }
    }

    private void AnswerWhenFinished()
    {
        if (_running.Count > 0)
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        var files = new FileResult[_plan.Files];
        for (var i = 0; i < files.Length; i++)
        {
            files[i] = _results[i]
                ?? FileResult.Lost(i, $"{_plan.PathOf(i)}: its producer was lost; see the log", now);
        }

        _client.Tell(new PhaseOutcome(Math.Min(_begunAt, now), files.Max(f => f.EndedAt), files), Self);
    }

    private void TellAll(object message)
    {
        foreach (var shard in _shardParents)
        {
            shard.Tell(message, Self);
        }
    }
}
