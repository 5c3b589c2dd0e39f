using System.Diagnostics;
using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Host.Machine;

namespace Actors.Bench.Peers;

/// <summary>A .NET peer: what it does, measured as the console measures a phase.</summary>
/// <param name="work">Does it in a directory; tells its figures.</param>
internal sealed class PeerRunner(Func<string, Task<Dictionary<string, double>>> work) : IWarmRunner
{
    /// <summary>A peer that only writes, all files at the same time.</summary>
    public static PeerRunner Writing(int files, Func<string, Task> write) => new(async directory =>
    {
        await Task.WhenAll(Enumerable.Range(0, files).Select(file =>
            Task.Run(() => write(Actors.Bench.Work.WriteLines.PathOf(directory, file)))));
        return [];
    });

    public async Task<Measurement> RunAsync(string directory)
    {
        ProcessMemory.BeginRun();
        var allocated = GC.GetTotalAllocatedBytes();
        var cpu = Environment.CpuUsage;
        var start = Stopwatch.GetTimestamp();
        var figures = await work(directory);
        var elapsed = Stopwatch.GetElapsedTime(start);
        var used = Environment.CpuUsage;
        figures[Figure.AllocatedBytes] = GC.GetTotalAllocatedBytes() - allocated;
        return new Measurement(
            elapsed.TotalSeconds,
            (used.UserTime - cpu.UserTime).TotalSeconds,
            (used.PrivilegedTime - cpu.PrivilegedTime).TotalSeconds,
            ProcessMemory.PeakResidentBytes(),
            figures);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
