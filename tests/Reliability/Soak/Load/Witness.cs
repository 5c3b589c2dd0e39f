using Actors.Engine;
using Akka.Actor;

namespace Actors.Reliability.Soak.Load;

/// <summary>
/// Whom the answers of a client that vanishes are sent to: counts them, and passes them on. Dead letters are no measure of
/// that: what is sent to an actor in the moment of its end Akka may drop without one (18 of 165 million messages, with no
/// engine there).
/// </summary>
internal sealed class Witness(IInternalActorRef client, IActorRef executor) : MinimalActorRef
{
    public override ActorPath Path => client.Path;

    public override IActorRefProvider Provider => client.Provider;

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is EngineEvent)
        {
            executor.Tell(new Seen(message is Written written ? written.Count : 1), ActorRefs.NoSender);
        }

        client.Tell(message, sender);
    }

    /// <summary>To the executor: so many commands were answered.</summary>
    internal sealed record Seen(int Answers);
}
