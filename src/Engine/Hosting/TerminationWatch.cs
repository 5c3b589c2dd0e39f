using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Actors.Engine;

/// <summary>
/// Sees that an actor system has begun to end: the application's actors are gone, and those of the system are told to
/// stop. A ref without a mailbox, since no actor of the system could count on hearing of it in time.
/// </summary>
internal sealed class TerminationWatch : MinimalActorRef
{
    private readonly Action _onBegun;

    private TerminationWatch(ExtendedActorSystem system, Action onBegun)
    {
        _onBegun = onBegun;
        Path = system.Provider.RootPath / "file-engine-termination";
        Provider = system.Provider;
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    /// <summary>Begins to watch.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="onBegun">Called once, on a thread of the system, which it must not hold up.</param>
    public static void Begin(ExtendedActorSystem system, Action onBegun)
    {
        var watch = new TerminationWatch(system, onBegun);
        system.Provider.Guardian.SendSystemMessage(new Watch(system.Provider.Guardian, watch));
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is DeathWatchNotification)
        {
            _onBegun();
        }
    }
}
