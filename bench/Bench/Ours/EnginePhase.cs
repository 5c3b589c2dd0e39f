using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Host.Reporting;
using Actors.Host.Running;
using Actors.Host.Scenarios;

namespace Actors.Bench.Ours;

/// <summary>
/// One phase of a scenario on one backend, exactly as the console runs it: the same producers, the same clock. The
/// engine is started once, as in a service; a fresh one each time would have the JIT compiler optimise its start-up
/// while the work is measured. The bench checks the files itself, with the same eyes for everyone.
/// </summary>
internal sealed class EnginePhase : IWarmRunner
{
    private readonly Scenario _scenario;
    private readonly string _backend;
    private readonly int _phase;
    private EngineHost? _host;

    /// <param name="scenario">The name of a shipped scenario.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="settings">Assignments as after <c>--set</c>.</param>
    public EnginePhase(string scenario, string phase, string backend, params IEnumerable<string> settings)
    {
        _scenario = Shipped.Load(scenario, settings);
        _phase = _scenario.Settings.Phases.Select(p => p.Name).ToList().IndexOf(phase);
        _backend = backend;
    }

    public async Task<Measurement> RunAsync(string directory)
    {
        _host ??= await EngineHost.StartAsync(_scenario.Configuration, _backend, Console.Error.WriteLine);
        using var interruption = new Interruption();
        var (seed, phases) = (_scenario.Settings.Seed, _scenario.Settings.Phases);
        var content = PhaseSettings.ContentAfter(phases, _phase, seed);
        var plan = new PhasePlan(_backend, phases[_phase], content, directory, _scenario.FileNames, seed);
        var measured = await new PhaseRun(_host, plan).RunAsync(interruption, () => { });
        var report = PhaseReporting.Of(plan, measured);
        return report.IsGood()
            ? Measure(report)
            : throw new ContestantException(string.Join("; ", report.Notes));
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static Measurement Measure(PhaseReport report) => new(
        report.ElapsedSeconds,
        report.CpuUserSeconds,
        report.CpuSystemSeconds,
        report.Memory.PeakRssBytes,
        new Dictionary<string, double>
        {
            [Figure.Lines] = report.Operations,
            [Figure.Operations] = report.Operations,
            [Figure.Bytes] = report.Bytes,
            [Figure.KernelOperations] = report.KernelOperations,
            [Figure.AllocatedBytes] = report.Memory.AllocatedBytes,
            [Figure.PeakManagedBytes] = report.Memory.PeakManagedBytes,
            [Figure.PeakBufferBytes] = report.Memory.PeakBufferBytes,
        });
}
