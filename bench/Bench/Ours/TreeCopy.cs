using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Groups;
using Actors.Bench.Work;
using Actors.Engine;

namespace Actors.Bench.Ours;

/// <summary>The engine's copy of a tree, by its defaults.</summary>
internal sealed class TreeCopy : IWarmRunner
{
    private readonly FileEngine _engine = FaceRunner.Start(Lineup.Default);

    public async Task<Measurement> RunAsync(string directory)
    {
        var meter = Meter.Start();
        var report = await _engine.CopyTreeAsync(Tree.SourceOf(directory), Tree.TargetOf(directory));
        return meter.Stop(new Dictionary<string, double> { [Figure.Bytes] = report.Bytes });
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
