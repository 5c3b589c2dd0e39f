using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// Parent of everything on one shard, on the shard's own thread: the backend actor, restarted when it fails, and the
/// file actors, which are stopped when they fail and have then answered everything.
/// </summary>
internal sealed class ShardActor(FileEngine engine, Shard shard) : UntypedActor
{
    private IActorRef _backend = ActorRefs.Nobody;

    protected override void PreStart() => _backend = Context.ActorOf(
        ActorFactory<BackendActor>.Props(() => new BackendActor(shard))
            .WithDispatcher(shard.DispatcherId)
            .WithMailbox("actors.engine-mailbox.backend"),
        "backend");

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SpawnFile spawn:
                OnSpawn(spawn);
                break;
            case ReportShard:
                _backend.Forward(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        -1, System.Threading.Timeout.InfiniteTimeSpan,
        new LocalOnlyDecider(_ => Sender.Equals(_backend) ? RestartBackend() : Directive.Stop));

    private Directive RestartBackend()
    {
        engine.Counters.CountRestart();
        return Directive.Restart;
    }

    private void OnSpawn(SpawnFile spawn)
    {
        var props = spawn.Open.Mode.CanWrite()
            ? ActorFactory<WriterActor>.Props(() => new WriterActor(engine, shard, spawn, _backend))
            : ActorFactory<ReaderActor>.Props(() => new ReaderActor(engine, shard, spawn, _backend));
        Context.ActorOf(
            props.WithDispatcher(shard.DispatcherId).WithMailbox("actors.engine-mailbox.file"),
            $"file-{spawn.Id}");
    }
}
