using Actors.Engine.Telemetry;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Actors;

/// <summary>
/// Answers commands that went to an actor that is not there any more with <see cref="FailureReason.NotOpen"/>, and takes
/// back what was on its way to a client that is gone: the buffers of chunks and lines, open directories. A ref without
/// a mailbox: it answers on the thread that published the dead letter, and cannot itself be stopped too early.
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

        switch (letter.Message is ShardStarted started ? started.File : letter.Message)
        {
            case SpawnFile spawn:
                spawn.Client.TryTell(
                    new CommandFailed(
                        spawn.Open, FailureReason.Closing, "the engine stopped before the file was opened"),
                    letter.Recipient);
                break;
            case EngineCommand command when !letter.Sender.IsNobody():
                letter.Sender.TryTell(
                    new CommandFailed(command, FailureReason.NotOpen, $"{letter.Recipient.Path} is not there any more"),
                    letter.Recipient);
                break;
            case Chunk chunk:
                chunk.Dispose();
                break;
            case LineBatch batch:
                batch.Dispose();
                break;
            case DirectoryListed { More: { } more }:
                more.Dispose();
                break;
        }
    }
}
