using System.Diagnostics;
using Actors.Host.Content;
using Actors.Host.Scenarios;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// Parent of the producers of one shard, and on that shard itself: what is spawned there has its state in memory that
/// the shard's thread allocated, away from the other shards' cache lines.
/// </summary>
internal sealed class ShardProducersActor : UntypedActor
{
    private readonly PhasePlan _plan;
    private readonly ShardShare _share;
    private readonly IActorRef _coordinator;
    private readonly ShardProgress _progress;
    private readonly List<FileResult> _results;
    private readonly IActorRef[] _producers;
    private long _begunAt;

    public ShardProducersActor(PhasePlan plan, ShardShare share, IActorRef coordinator, ShardProgress progress)
    {
        _plan = plan;
        _share = share;
        _coordinator = coordinator;
        _progress = progress;
        _results = new List<FileResult>(share.Count);
        _producers = new IActorRef[share.Count];
    }

    protected override void PreStart()
    {
        for (var i = 0; i < _share.Count; i++)
        {
            var job = new FileJob(_plan, _share.FirstFile + i, _share.Shard, _coordinator, _progress);
            _producers[i] = Context.ActorOf(ProducerProps(job, _share.DispatcherId));
        }

        Context.Parent.Tell(new ShardReady(), Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BeginPhase or BeginMeasuring:
                _begunAt = Stopwatch.GetTimestamp();
                TellAll(message);
                break;
            case EndPhase:
                TellAll(message);
                break;
            case StopPhase:
                TellAll(message);
                Context.Parent.Tell(new ShardStopping(), Self);
                break;
            case FileResult result:
                _results.Add(result);
                if (_results.Count == _share.Count)
                {
                    Context.Parent.Tell(new ShardFinished(_begunAt, _results), Self);
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // A producer that throws is not restarted: its file is half done. It reports that as it stops.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private static Props ProducerProps(FileJob job, string dispatcher) =>
        (job.Plan.Settings.Operation, job.Plan.Settings.Unit) switch
        {
            (PhaseOperation.Write, PhaseUnit.Line) =>
                ActorFactory<LineWriterActor>.Props(() => new LineWriterActor(job), dispatcher),
            (PhaseOperation.Read, PhaseUnit.Line) =>
                ActorFactory<LineReaderActor>.Props(() => new LineReaderActor(job), dispatcher),
            _ => ActorFactory<BlockActor>.Props(() => new BlockActor(job), dispatcher),
        };

    private void TellAll(object message)
    {
        foreach (var producer in _producers)
        {
            producer.Tell(message, Self);
        }
    }
}
