using Actors.Engine.Actors;
using Actors.Engine.Telemetry;
using Akka.Actor;

namespace Actors.Engine.Backpressure;

/// <summary>The queue of one file actor: bounds <see cref="FileCommand"/>s and answers those that it refuses.</summary>
internal sealed class FileCommandQueue(int messagesMax, long bytesMax, EngineCounters counters)
    : BoundedMessageQueue(messagesMax, bytesMax)
{
    private readonly string _limits =
        $"at most {messagesMax} commands and {bytesMax} bytes of a file may be unanswered, and besides as many cancels "
        + "(actors.engine.file.queue-messages, queue-bytes); keep to the credits in Opened";

    protected override CommandWeight Weigh(object message, out int bytes)
    {
        // The most by far: without a call of its members.
        if (message is Write write)
        {
            bytes = write.Data.Length;
            return CommandWeight.Work;
        }

        // A drain is the engine's own wish, and must reach a file whose client has filled its queue.
        if (message is FileCommand command and not DrainFile)
        {
            bytes = command.QueuedBytes;
            return command.EndsWork ? CommandWeight.EndsWork : CommandWeight.Work;
        }

        bytes = 0;
        return CommandWeight.None;
    }

    protected override void Refuse(Envelope envelope, IActorRef receiver, FailureReason reason)
    {
        var full = reason == FailureReason.MailboxFull;
        if (full)
        {
            counters.CountRefused();
        }

        var cause = full ? _limits : "the file actor stopped before it took the command";
        envelope.Sender.TryTell(new CommandFailed((FileCommand)envelope.Message, reason, cause), receiver);
    }
}
