using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// Parent of everything on one shard, on the shard's own thread: the backend actor, restarted when it fails, and the
/// file actors, which are stopped when they fail and have then answered everything. Its own failure costs the one file
/// that it was to spawn: a restart would stop all of the shard's.
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
                TrySpawn(spawn);
                break;
            case WithdrawFile withdraw:
                FileOf(withdraw.Id).Forward(withdraw);
                break;
            case DrainExpired:
                StopFiles();
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

    private void TrySpawn(SpawnFile spawn)
    {
        try
        {
            var props = spawn.Open.Mode.CanWrite()
                ? PropsOf(spawn, () => new WriterActor(engine, shard, spawn, _backend))
                : PropsOf(spawn, () => new ReaderActor(engine, shard, spawn, _backend));
            Context.ActorOf(
                props.WithDispatcher(shard.DispatcherId).WithMailbox("actors.engine-mailbox.file"),
                NameOf(spawn.Id));
        }
        catch (Exception e)
        {
            OnNotSpawned(spawn, e);
        }
    }

    private static string NameOf(long id) => $"file-{id}";

    private static IActorRef FileOf(long id) => Context.Child(NameOf(id));

    /// <summary>All files, those too that are still being opened.</summary>
    private void StopFiles()
    {
        foreach (var child in Context.GetChildren())
        {
            if (!child.Equals(_backend))
            {
                Context.Stop(child);
            }
        }
    }

    /// <summary>An actor that cannot be made has no PostStop that would answer for it.</summary>
    private Props PropsOf<T>(SpawnFile spawn, Func<T> create)
        where T : FileActor => ActorFactory<T>.Props(() =>
        {
            try
            {
                return create();
            }
            catch (Exception e)
            {
                OnNotSpawned(spawn, e);
                throw;
            }
        });

    private void OnNotSpawned(SpawnFile spawn, Exception exception)
    {
        engine.OnDefect(nameof(ShardActor), exception);
        shard.Metrics.CountFailure(FailureReason.Unexpected);
        engine.Tell(
            spawn.Client,
            new CommandFailed(spawn.Open, FailureReason.Unexpected, exception.Message, Exception: exception), Self);
        engine.Coordinator.Tell(new FileReleased(spawn.Id, shard.Index));
    }
}
