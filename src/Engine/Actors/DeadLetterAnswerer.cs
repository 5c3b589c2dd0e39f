using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Actors;

/// <summary>
/// Answers commands that went to an actor that is not there any more with <see cref="FailureReason.NotOpen"/>. A ref
/// without a mailbox: it answers on the thread that published the dead letter, and cannot itself be stopped too early.
/// </summary>
internal sealed class DeadLetterAnswerer(ActorPath path, IActorRefProvider provider) : MinimalActorRef
{
    public override ActorPath Path => path;

    public override IActorRefProvider Provider => provider;

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is not DeadLetter letter)
        {
            return;
        }

        if ((letter.Message as SpawnFile ?? (letter.Message as ShardStarted)?.File) is { } spawn)
        {
            spawn.Client.Tell(
                new CommandFailed(spawn.Open, FailureReason.Closing, "the engine stopped before the file was opened"),
                letter.Recipient);
        }
        else if (letter.Message is EngineCommand command && !letter.Sender.IsNobody())
        {
            letter.Sender.Tell(
                new CommandFailed(command, FailureReason.NotOpen, $"{letter.Recipient.Path} is not there any more"),
                letter.Recipient);
        }
    }
}
