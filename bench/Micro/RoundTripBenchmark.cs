using Akka;
using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace Actors.Bench.Micro;

/// <summary>A message to another actor and its answer: both on one shard, or both on Akka's default dispatcher.
/// </summary>
[MemoryDiagnoser]
public class RoundTripBenchmark
{
    private const int Trips = 10_000;

    private ShardRig _rig = null!;
    private IActorRef _onShard = null!;
    private IActorRef _onDefault = null!;

    [GlobalSetup]
    public void Start()
    {
        _rig = new ShardRig();
        _onShard = Pair(_rig.DispatcherId);
        _onDefault = Pair("akka.actor.default-dispatcher");
    }

    [GlobalCleanup]
    public void Stop() => _rig.Dispose();

    [Benchmark(OperationsPerInvoke = Trips)]
    public object On_a_shard() => _onShard.Ask<Done>(Begin.Instance).GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = Trips)]
    public object On_the_default_dispatcher() => _onDefault.Ask<Done>(Begin.Instance).GetAwaiter().GetResult();

    private IActorRef Pair(string dispatcher)
    {
        var echo = _rig.System.ActorOf(Props.Create(() => new EchoActor()).WithDispatcher(dispatcher));
        return _rig.System.ActorOf(Props.Create(() => new CallerActor(echo)).WithDispatcher(dispatcher));
    }

    private sealed class Begin
    {
        public static readonly Begin Instance = new();
    }

    private sealed class Ball
    {
        public static readonly Ball Instance = new();
    }

    private sealed class EchoActor : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class CallerActor(IActorRef echo) : UntypedActor
    {
        private IActorRef _asker = ActorRefs.Nobody;
        private int _left;

        protected override void OnReceive(object message)
        {
            if (message is Begin)
            {
                _asker = Sender;
                _left = Trips;
            }

            if (_left-- > 0)
            {
                echo.Tell(Ball.Instance, Self);
            }
            else
            {
                _asker.Tell(Done.Instance);
            }
        }
    }
}
