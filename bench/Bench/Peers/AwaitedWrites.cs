using System.Diagnostics;
using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Work;

namespace Actors.Bench.Peers;

/// <summary>RandomAccess.WriteAsync, one after the other, and how long each takes.</summary>
/// <param name="writes">How many.</param>
internal sealed class AwaitedWrites(int writes) : IWarmRunner
{
    public async Task<Measurement> RunAsync(string directory)
    {
        var times = new long[writes];
        var meter = Meter.Start();
        await Task.Run(() => WriteAsync(WriteLines.PathsIn(directory, 1).First(), times));
        return meter.Stop(Percentiles.Of(times));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task WriteAsync(string path, long[] times)
    {
        using var handle = File.OpenHandle(
            path, FileMode.Create, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous);
        var buffer = new LineBuffer();
        var offset = 0L;
        for (var line = 0; line < times.Length; line++)
        {
            var bytes = buffer.Format(line);
            var start = Stopwatch.GetTimestamp();
            await RandomAccess.WriteAsync(handle, bytes, offset);
            times[line] = Stopwatch.GetTimestamp() - start;
            offset += bytes.Length;
        }
    }
}
