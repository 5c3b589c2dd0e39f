using Actors.Engine;
using Actors.Engine.Backpressure;
using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace Actors.Bench.Micro;

/// <summary>A command into a file's bounded queue, out again, and counted as answered: by a sender on the shard, whose
/// path is the plain queue, and by one on another thread, whose path is the concurrent one.</summary>
[MemoryDiagnoser]
public class MailboxBenchmark
{
    private const int Commands = 10_000;

    private readonly Envelope _envelope = new(new Write(new byte[30]), ActorRefs.NoSender);
    private ShardRig _rig = null!;
    private FileCommandQueue _onShard = null!;
    private FileCommandQueue _elsewhere = null!;

    [GlobalSetup]
    public void Start()
    {
        _rig = new ShardRig();
        _rig.Run(() => _onShard = NewQueue());
        _elsewhere = NewQueue();
    }

    [GlobalCleanup]
    public void Stop() => _rig.Dispose();

    [Benchmark(OperationsPerInvoke = Commands)]
    public void Sender_on_the_shard() => _rig.Run(() => Pass(_onShard));

    [Benchmark(OperationsPerInvoke = Commands)]
    public void Sender_elsewhere() => Pass(_elsewhere);

    private static FileCommandQueue NewQueue() => new(512, 1 << 20, new EngineCounters());

    private void Pass(FileCommandQueue queue)
    {
        for (var i = 0; i < Commands; i++)
        {
            queue.Enqueue(ActorRefs.Nobody, _envelope);
            queue.TryDequeue(out _);
            queue.Answered(1, 30);
        }
    }
}
