using Actors.Engine;
using Akka;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Bench.Micro;

/// <summary>An engine of one shard, and a way onto that shard's thread.</summary>
internal sealed class ShardRig : IDisposable
{
    private readonly IActorRef _runner;

    public ShardRig()
    {
        System = ActorSystem.Create("micro", ConfigurationFactory.ParseString(
            """
            akka.loglevel = WARNING
            actors.engine { backend-name = sync, shards = 1 }
            """));
        DispatcherId = System.FileEngine().DispatcherId(0);
        _runner = System.ActorOf(Props.Create(() => new RunnerActor()).WithDispatcher(DispatcherId));
    }

    /// <summary>The actor system.</summary>
    public ActorSystem System { get; }

    /// <summary>The shard's dispatcher.</summary>
    public string DispatcherId { get; }

    /// <summary>Runs something on the shard's thread, and waits for it.</summary>
    public void Run(Action work) => _runner.Ask<Done>(work).GetAwaiter().GetResult();

    public void Dispose() => System.Terminate().GetAwaiter().GetResult();

    private sealed class RunnerActor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            ((Action)message)();
            Sender.Tell(Done.Instance);
        }
    }
}
