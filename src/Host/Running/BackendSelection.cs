using Actors.Engine;
using Actors.Host.Commands;
using Actors.Host.Scenarios;

namespace Actors.Host.Running;

/// <summary>Which backends a run takes, from what the scenario asks for and what probing found.</summary>
/// <param name="Chosen">In the order of the runs: the name for the engine's configuration, and the backend itself;
/// they differ for <c>auto</c>.</param>
/// <param name="Statuses">For the report.</param>
internal sealed record BackendSelection(
    IReadOnlyList<(string Setting, string Backend)> Chosen, IReadOnlyList<BackendStatus> Statuses)
{
    /// <summary>Selects.</summary>
    /// <exception cref="UsageException">A named backend is not available, or none is left.</exception>
    public static BackendSelection Select(ScenarioSettings scenario, IReadOnlyList<BackendStatus> statuses)
    {
        if (scenario.RunsAuto)
        {
            var (name, reason) = BackendProbe.Choose(statuses);
            var auto = new BackendStatus(ScenarioSettings.Auto, true, $"took {name}: {reason}", "");
            return new BackendSelection([(ScenarioSettings.Auto, name)], [auto, .. statuses]);
        }

        return scenario.RunsAvailable ? SelectAvailable(scenario, statuses) : SelectNamed(scenario, statuses);
    }

    /// <summary>With the backend that <c>auto</c> took when it started, which may be another than in the trial: not all
    /// shards get what one got. One that does not work in the directory is not taken over.</summary>
    public async Task<BackendSelection> WithAsync(Task<EngineHost> started)
    {
        var engine = (await started).Engine;
        return Statuses.Any(status => status.Name == engine.Backend && status.Available)
            ? this with
            {
                Chosen = [(ScenarioSettings.Auto, engine.Backend)],
                Statuses =
                [
                    .. Statuses.Select(status => status.Name == ScenarioSettings.Auto
                        ? status with { Reason = $"took {engine.Backend}: {engine.BackendReason}" }
                        : status),
                ],
            }
            : this;
    }

    private static BackendSelection SelectAvailable(ScenarioSettings scenario, IReadOnlyList<BackendStatus> statuses)
    {
        var shown = statuses.Select(s => s.Available && scenario.SkipBackends.Contains(s.Name)
            ? s with { Reason = "left out by scenario.skip-backends" }
            : s).ToList();
        var chosen = statuses
            .Where(s => s.Available && !scenario.SkipBackends.Contains(s.Name))
            .Select(s => (s.Name, s.Name)).ToList();
        return chosen.Count > 0
            ? new BackendSelection(chosen, shown)
            : throw new UsageException(
                "No backend is left to run. scenario.skip-backends leaves out " +
                $"{string.Join(", ", scenario.SkipBackends)}; not available: " +
                $"{string.Join("; ", statuses.Where(s => !s.Available).Select(s => $"{s.Name}: {s.Reason}"))}.");
    }

    private static string NamesOf(IReadOnlyList<BackendStatus> statuses)
    {
        var names = string.Join(", ", statuses.Where(s => s.Available).Select(s => s.Name));
        return names.Length > 0 ? names : "none";
    }

    private static BackendSelection SelectNamed(ScenarioSettings scenario, IReadOnlyList<BackendStatus> statuses)
    {
        foreach (var name in scenario.Backends)
        {
            if (statuses.FirstOrDefault(s => s.Name == name) is not { Available: true } status)
            {
                var reason = statuses.FirstOrDefault(s => s.Name == name)?.Reason ?? "this machine does not have it";
                throw new UsageException(
                    $"scenario.backends names {name}, which is not available: {reason} " +
                    $"Available: {NamesOf(statuses)}; or use --backend available, --backend auto.");
            }
        }

        return new BackendSelection([.. scenario.Backends.Select(b => (b, b))], statuses);
    }
}
