using System.Diagnostics;
using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Peers;
using Actors.Bench.Work;
using Actors.Engine;

namespace Actors.Bench.Ours;

/// <summary>Appends of the async face, one after the other, and how long each takes.</summary>
/// <param name="backend">The backend, or auto.</param>
/// <param name="writes">How many.</param>
internal sealed class AwaitedAppends(string backend, int writes) : IWarmRunner
{
    private readonly FileEngine _engine = FaceRunner.Start(backend);

    public async Task<Measurement> RunAsync(string directory)
    {
        var times = new long[writes];
        var meter = Meter.Start();
        await Task.Run(() => AppendAsync(WriteLines.PathsIn(directory, 1).First(), times));
        return meter.Stop(Percentiles.Of(times));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task AppendAsync(string path, long[] times)
    {
        await using var file = await _engine.OpenAsync(path, OpenMode.Write);
        var buffer = new LineBuffer();
        for (var line = 0; line < times.Length; line++)
        {
            var bytes = buffer.Format(line);
            var start = Stopwatch.GetTimestamp();
            await file.AppendAsync(bytes);
            times[line] = Stopwatch.GetTimestamp() - start;
        }
    }
}
