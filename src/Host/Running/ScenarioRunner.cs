using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Host.Commands;
using Actors.Host.Content;
using Actors.Host.Machine;
using Actors.Host.Manifests;
using Actors.Host.Progress;
using Actors.Host.Reporting;
using Actors.Host.Scenarios;
using Actors.Host.Verification;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// Runs a scenario: every chosen backend on an engine of its own, one after the other, all phases of a backend in
/// order, with the manifest kept up to date and every phase verified.
/// </summary>
internal sealed class ScenarioRunner
{
    private readonly Scenario _scenario;
    private readonly RunOptions _options;
    private readonly IRunProgress _progress;
    private readonly Interruption _interruption;
    private readonly Lock _reporting = new();
    private readonly List<PhaseReport> _reports = [];
    private IReadOnlyList<BackendStatus> _statuses = [];
    private MachineInfo? _machine;
    private RunManifest _manifest = null!;
    private bool _manifestIsBehind;

    public ScenarioRunner(
        Scenario scenario, RunOptions options, IRunProgress progress, Interruption interruption)
    {
        _scenario = scenario;
        _options = options;
        _progress = progress;
        _interruption = interruption;
    }

    /// <summary>How long it may go on after it is asked to stop: it drains, and looks at what was written.</summary>
    public TimeSpan Patience => _scenario.Engine.Coordinator.DrainTimeout + TimeSpan.FromSeconds(10);

    /// <summary>What is known of a run that was asked to stop and goes on, e.g. because the disk does not answer; null when
    /// it has not begun. From any thread.</summary>
    public RunReport? ReportSoFar()
    {
        lock (_reporting)
        {
            return _machine is null ? null : Report(RunOutcome.Interrupted, _machine);
        }
    }

    /// <summary>Runs it.</summary>
    /// <exception cref="UsageException">It cannot be run here as it is asked for; nothing was run.</exception>
    /// <exception cref="FileEngineConfigurationException">The engine cannot be configured like this.</exception>
    public async Task<RunReport> RunAsync()
    {
        var directory = _scenario.Directory;
        DirectoryClaim.Prepare(directory);
        var selection = BackendSelection.Select(
            _scenario.Settings, BackendProbe.Probe(_scenario.Engine, directory));
        DirectPhases.Check(_scenario);
        NoteBackends(selection);
        foreach (var (setting, backend) in selection.Chosen)
        {
            // Limits may nest for one backend and not for another; all are checked before anything is written.
            var settings = EngineSettings.Create(EngineHost.EngineConfiguration(_scenario.Configuration, setting));
            settings.Validate(
                backend == "sync-thread" ? settings.Backend.SyncThread.ThreadsMax
                    : settings.Shards ?? Environment.ProcessorCount,
                backend);
        }

        // Beside the claim of the directory: each is most of a tenth of a second of a cold start.
        Task<EngineHost>? starting = Task.Run(() => StartAsync(selection.Chosen[0].Setting));
        if (_scenario.Settings.RunsAuto)
        {
            selection = await selection.WithAsync(starting);
        }

        var machine = await ClaimAsync(selection, starting);
        lock (_reporting)
        {
            (_machine, _statuses) = (machine, selection.Statuses);
        }

        foreach (var (setting, backend) in selection.Chosen)
        {
            if (starting is null && _interruption.IsRequested)
            {
                break;
            }

            await using var host = await (starting ?? StartAsync(setting));
            starting = null;
            await RunBackendAsync(host, backend);
        }

        return Finish(machine);
    }

    private Task<EngineHost> StartAsync(string setting) =>
        EngineHost.StartAsync(_scenario.Configuration, setting, _progress.Note, _progress.Fault);

    private async Task<MachineInfo> ClaimAsync(BackendSelection selection, Task<EngineHost> starting)
    {
        var directory = _scenario.Directory;
        var names = selection.Chosen.Select(c => c.Backend).ToList();
        try
        {
            _manifest = DirectoryClaim.Examine(directory, names, _scenario.FileNames, _options.Force).Take(Plan(names));
            return MachineInfo.Of(directory);
        }
        catch
        {
            await Task.WhenAny(starting);
            if (starting.IsCompletedSuccessfully)
            {
                await (await starting).DisposeAsync();
            }

            throw;
        }
    }

    private RunReport Finish(MachineInfo machine)
    {
        var isGood = _reports.TrueForAll(r => r.IsGood()) && !_manifestIsBehind;
        var state = _interruption.IsRequested ? RunState.Interrupted : isGood ? RunState.Done : RunState.Failed;
        Save(_manifest with { State = state });
        var outcome = state switch
        {
            RunState.Interrupted => RunOutcome.Interrupted,
            RunState.Done when !_manifestIsBehind => RunOutcome.Done,
            _ => RunOutcome.Failed,
        };
        return Report(outcome, machine);
    }

    private RunReport Report(RunOutcome outcome, MachineInfo machine)
    {
        var scenario = new ScenarioReport(
            _scenario.Settings.Name, _scenario.File, () => ResolvedSettings.Of(_scenario));
        return new RunReport(RunReport.CurrentSchema, outcome, scenario, machine, _statuses, [.. _reports]);
    }

    private async Task RunBackendAsync(EngineHost host, string backend)
    {
        if (host.Engine.Backend != backend)
        {
            throw new UsageException(
                $"auto took {host.Engine.Backend}, which does not work in {_scenario.Directory}; " +
                $"use --backend {backend}.");
        }

        FileContent? content = null;
        for (var i = 0; i < _scenario.Settings.Phases.Count && !_interruption.IsRequested; i++)
        {
            var phase = _scenario.Settings.Phases[i];
            if (phase.Writes)
            {
                content = PhaseSettings.ContentAfter(_scenario.Settings.Phases, i, _scenario.Settings.Seed);
            }

            var plan = new PhasePlan(
                backend,
                phase,
                content!,
                Path.Combine(_scenario.Directory, backend),
                _scenario.FileNames,
                _scenario.Settings.Seed);
            if (!await RunPhaseAsync(host, plan, i))
            {
                return;
            }
        }
    }

    // False when the backend's later phases make no sense any more.
    private async Task<bool> RunPhaseAsync(EngineHost host, PhasePlan plan, int index)
    {
        Save(_manifest.With(plan.Backend, index, RunState.Running));
        var run = new PhaseRun(host, plan);
        var progress = run.Progress();
        PhaseMeasurement measured;
        try
        {
            measured = await run.RunAsync(_interruption, () => _progress.Begin(progress = run.Progress()));
        }
        catch (Exception e) when (_interruption.IsRequested && e is TimeoutException or AskTimeoutException)
        {
            _progress.Fault($"{plan.Backend} {plan.Settings.Name}: the engine did not drain in time: {e.Message}");
            Save(_manifest.With(plan.Backend, index, RunState.Interrupted));
            return false;
        }

        var report = PhaseReporting.Of(plan, measured);
        _progress.End(progress, report);
        lock (_reporting)
        {
            _reports.Add(report);
        }

        report = Verify(plan, measured.Outcome, report);
        lock (_reporting)
        {
            _reports[^1] = report;
        }

        foreach (var note in report.Notes)
        {
            Action<string> say = report.IsGood() ? _progress.Note : _progress.Fault;
            say($"{plan.Backend} {plan.Settings.Name}: {note}");
        }

        var state = _interruption.IsRequested ? RunState.Interrupted
            : report.IsGood() ? RunState.Done
            : RunState.Failed;
        Save(_manifest.With(plan.Backend, index, state));
        return state == RunState.Done;
    }

    private PhaseReport Verify(PhasePlan plan, PhaseOutcome outcome, PhaseReport report)
    {
        // An interrupted phase is looked at in any case: the report says what is there.
        var interrupted = _interruption.IsRequested && !(outcome.Units >= plan.TotalUnits);
        if (!plan.Settings.Verify && !interrupted)
        {
            return report;
        }

        var faults = new List<string>();
        if (plan.Settings.Operation != PhaseOperation.Write
            && ReadVerification.FirstWrong(plan, outcome, interrupted) is { } wrong)
        {
            faults.Add(wrong);
        }

        try
        {
            if (plan.Settings.Writes)
            {
                // What an interrupted phase wrote is looked at, for as long as there is time.
                var verdict = BackendVerdict.Check(
                    plan.Backend, plan.Settings, RunState.Done, plan.Directory, plan.FileNames, plan.Content,
                    interrupted ? CancellationToken.None : _interruption.Token);
                faults.AddRange(verdict.IsComplete ? [] : [VerdictText.Summary(verdict)]);
            }
        }
        catch (OperationCanceledException)
        {
            return report with { Notes = [.. report.Notes, "not verified: interrupted"] };
        }

        return report with { Verified = faults.Count == 0, Notes = [.. report.Notes, .. faults] };
    }

    private void NoteBackends(BackendSelection selection)
    {
        foreach (var status in selection.Statuses)
        {
            if (status.Name == ScenarioSettings.Auto)
            {
                _progress.Note($"auto {status.Reason}");
            }
            else if (!status.Available && (_scenario.Settings.RunsAvailable || _scenario.Settings.RunsAuto))
            {
                _progress.Note($"{status.Name} is not available: {status.Reason}");
            }
        }
    }

    private RunManifest Plan(IEnumerable<string> backends)
    {
        var settings = _scenario.Settings;
        var phases = settings.Phases.Select(p => new PhaseManifest(RunState.Pending, p)).ToList();
        var files = new FileSet(settings.FileName, settings.Files);
        return new RunManifest(
            RunManifest.CurrentSchema,
            settings.Name,
            _scenario.File,
            DateTimeOffset.UtcNow,
            RunState.Running,
            [.. backends.Select(b => new BackendManifest(b, settings.Name, files, settings.Seed, phases, []))]);
    }

    // A disk that the run has filled has no room for it either. That fails the run, and what is known is reported.
    private void Save(RunManifest manifest)
    {
        _manifest = manifest;
        try
        {
            ManifestFile.Save(_scenario.Directory, manifest);
            _manifestIsBehind = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _manifestIsBehind = true;
            _progress.Fault($"{ManifestFile.Name} is not up to date: {e.Message}");
        }
    }
}
