using Actors.Host.Scenarios;

namespace Actors.Bench.Ours;

/// <summary>The scenarios that travel beside the binary.</summary>
internal static class Shipped
{
    /// <summary>Reads one.</summary>
    /// <param name="name">Its file's name without <c>.conf</c>.</param>
    /// <param name="settings">Assignments as after <c>--set</c>.</param>
    public static Scenario Load(string name, params IEnumerable<string> settings) => ScenarioLoader.Load(
        Path.Combine(ShippedScenarios.Directory, $"{name}.conf"), [.. settings.Select(SettingOverride.Parse)]);
}
