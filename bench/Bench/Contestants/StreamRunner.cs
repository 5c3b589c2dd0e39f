using Actors.Bench.Contests;
using Actors.Bench.Work;
using Akka.Actor;
using Akka.Streams;

namespace Actors.Bench.Contestants;

/// <summary>A stream that reads or writes a large file. Its actor system lives as long as this.</summary>
/// <param name="run">Runs it over the file and returns the bytes that went through.</param>
internal sealed class StreamRunner(Func<IMaterializer, string, Task<long>> run) : IWarmRunner
{
    private readonly ActorSystem _system = ActorSystem.Create("streams", QuietAkka.Config);
    private IMaterializer? _materializer;

    public async Task<Measurement> RunAsync(string directory)
    {
        var materializer = _materializer ??= _system.Materializer();
        var allocated = GC.GetTotalAllocatedBytes();
        var meter = Meter.Start();
        var bytes = await run(materializer, LargeFile.PathIn(directory));
        return meter.Stop(new Dictionary<string, double>
        {
            [Figure.Bytes] = bytes,
            [Figure.AllocatedBytes] = GC.GetTotalAllocatedBytes() - allocated,
        });
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();
}
