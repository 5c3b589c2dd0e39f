using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Actors.Engine.Backpressure;

/// <summary>Akka's way to a <see cref="FileCommandQueue"/>:
/// <c>Props.WithMailbox("actors.engine-mailbox.file")</c>.</summary>
internal sealed class CommandMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<FileCommandQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system)
    {
        var engine = FileEngineProvider.Instance.Apply(system);
        var file = engine.Settings.File;
        return new FileCommandQueue(file.QueueMessages, file.QueueBytes, engine.Counters);
    }
}
