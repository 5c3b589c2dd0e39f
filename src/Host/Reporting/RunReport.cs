using Actors.Engine;
using Actors.Host.Machine;

namespace Actors.Host.Reporting;

/// <summary>The document that <c>actors run --json</c> writes.</summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="Outcome">How the run ended.</param>
/// <param name="Scenario">What was run.</param>
/// <param name="Machine">On what.</param>
/// <param name="Backends">What probing found, and for a scenario with <c>auto</c> what that took and why.</param>
/// <param name="Runs">One for each backend and phase.</param>
internal sealed record RunReport(
    string Schema,
    RunOutcome Outcome,
    ScenarioReport Scenario,
    MachineInfo Machine,
    IReadOnlyList<BackendStatus> Backends,
    IReadOnlyList<PhaseReport> Runs)
{
    /// <summary>The schema of this version.</summary>
    public const string CurrentSchema = "actors.report/1";
}
