using Actors.Engine;
using Akka.Actor;

namespace Actors.Simulation.Checking;

/// <summary>Sends commands and passes on what comes back. Not an actor, so that nothing it is sent can get lost.</summary>
internal sealed class Client(ActorSystem system, string name, Action<Client, object, IActorRef> answered)
    : MinimalActorRef
{
    public string Name => name;

    public override ActorPath Path { get; } = ((ExtendedActorSystem)system).Provider.RootPath / "clients" / name;

    public override IActorRefProvider Provider { get; } = ((ExtendedActorSystem)system).Provider;

    /// <summary>The number that comes back in the answer; 0 for commands that have none.</summary>
    public static long TokenOf(FileCommand command) => command switch
    {
        Write write => write.Token,
        Read read => read.Token,
        Sync sync => sync.Token,
        Truncate truncate => truncate.Token,
        Allocate allocate => allocate.Token,
        Demand demand => demand.Token,
        ReadAll all => all.Token,
        StatFile stat => stat.Token,
        Cancel cancel => cancel.Token,
        _ => 0,
    };

    protected override void TellInternal(object message, IActorRef sender) => answered(this, message, sender);
}
