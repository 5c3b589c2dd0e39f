using Actors.Engine.Actors;
using Akka.Actor;

namespace Actors.Engine.Backpressure;

/// <summary>The queue of a backend actor: bounds <see cref="Submit"/>s. A file has at most one under way, so it fills
/// up only when the limits do not nest.</summary>
internal sealed class BackendCommandQueue(int messagesMax) : BoundedMessageQueue(messagesMax, long.MaxValue >> 24)
{
    protected override CommandWeight Weigh(object message, out int bytes)
    {
        bytes = 0;
        return message is Submit ? CommandWeight.Work : CommandWeight.None;
    }

    protected override void Refuse(Envelope envelope, IActorRef receiver, FailureReason reason) =>
        envelope.Sender.Tell(new SubmitRefused((Submit)envelope.Message, reason), receiver);
}
