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
        var target = Tree.TargetOf(directory);
        if (Directory.Exists(target))
        {
            // Of a warm-up, which nothing is cleaned up after.
            Directory.Move(target, $"{target}.{Guid.NewGuid():n}");
        }

        var meter = Meter.Start();
        var report = await _engine.CopyTreeAsync(Tree.SourceOf(directory), target);
        return meter.Stop(new Dictionary<string, double> { [Figure.Bytes] = report.Bytes });
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
