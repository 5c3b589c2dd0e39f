using Actors.Engine;
using Actors.Host.Commands;
using Actors.Host.Scenarios;

namespace Actors.Host.Running;

/// <summary>Whether phases with <c>direct = on</c> can be run in a scenario's directory.</summary>
internal static class DirectPhases
{
    /// <summary>Asks the file system.</summary>
    /// <exception cref="UsageException">It has no direct I/O, or not for blocks of this size.</exception>
    public static void Check(Scenario scenario)
    {
        var phases = scenario.Settings.Phases;
        var alignment = phases.Any(p => p.Direct == true) ? BackendProbe.ProbeDirect(scenario.Directory) : null;
        for (var i = 0; i < phases.Count; i++)
        {
            if (phases[i].Direct == true && Problem(phases[i], alignment) is { } problem)
            {
                throw new UsageException(
                    $"{scenario.File}: scenario.phases[{i}].{problem} in {scenario.Directory}; or set direct = off.");
            }
        }
    }

    private static string? Problem(PhaseSettings phase, IoAlignment? alignment) => alignment switch
    {
        null => "direct = on: there is no direct I/O (O_DIRECT, Linux)",
        { Offset: var unit } when phase.BlockSize % unit != 0 =>
            $"block-size = {phase.BlockSize}: with direct = on it must be a multiple of {unit}",
        _ => null,
    };
}
