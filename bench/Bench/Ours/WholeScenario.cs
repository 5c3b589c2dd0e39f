using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Host.Progress;
using Actors.Host.Running;
using Actors.Host.Reporting;

namespace Actors.Bench.Ours;

/// <summary>A whole scenario in this process, as the console runs it: engine started, every phase, verified.</summary>
/// <param name="scenario">The name of a shipped scenario.</param>
/// <param name="settings">Assignments as after <c>--set</c>.</param>
internal sealed class WholeScenario(string scenario, params IEnumerable<string> settings) : IWarmRunner
{
    public async Task<Measurement> RunAsync(string directory)
    {
        var loaded = Shipped.Load(scenario, [.. settings, $"scenario.directory={directory}"]);
        using var interruption = new Interruption();
        await using var progress = new QuietProgress(Console.Error);
        var meter = Meter.Start();
        var report = await new ScenarioRunner(loaded, new RunOptions(Force: true), progress, interruption).RunAsync();
        return report.Outcome == RunOutcome.Done
            ? meter.Stop(new Dictionary<string, double>())
            : throw new ContestantException("the run failed");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
