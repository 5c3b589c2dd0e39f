using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Work;
using Actors.Host.Machine;

namespace Actors.Bench.Peers;

/// <summary>A .NET peer: what it does, measured as the console measures a phase.</summary>
/// <param name="work">Does it in a directory.</param>
internal sealed class PeerRunner(Func<string, Task<LineCount>> work) : IWarmRunner
{
    /// <summary>A peer that has all files under way at the same time.</summary>
    public static PeerRunner AllAtOnce(int files, Func<string, Task<LineCount>> one) => new(async directory =>
        LineCount.Sum(await Task.WhenAll(WriteLines.PathsIn(directory, files).Select(path =>
            Task.Run(() => one(path))))));

    /// <summary>A peer that takes file by file, on one thread.</summary>
    public static PeerRunner OneByOne(int files, Func<string, LineCount> one) => new(directory =>
        Task.FromResult(LineCount.Sum(WriteLines.PathsIn(directory, files).Select(one))));

    public async Task<Measurement> RunAsync(string directory)
    {
        ProcessMemory.BeginRun();
        var allocated = GC.GetTotalAllocatedBytes();
        var meter = Meter.Start();
        var count = await work(directory);
        return meter.Stop(new Dictionary<string, double>
        {
            [Figure.Lines] = count.Lines,
            [Figure.Bytes] = count.Bytes,
            [Figure.AllocatedBytes] = GC.GetTotalAllocatedBytes() - allocated,
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
