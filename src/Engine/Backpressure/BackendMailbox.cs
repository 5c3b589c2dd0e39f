using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Actors.Engine.Backpressure;

/// <summary>Akka's way to a <see cref="BackendCommandQueue"/>:
/// <c>Props.WithMailbox("actors.engine-mailbox.backend")</c>.</summary>
internal sealed class BackendMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<BackendCommandQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new BackendCommandQueue(FileEngineProvider.Instance.Apply(system).Settings.Backend.QueueMessages);
}
