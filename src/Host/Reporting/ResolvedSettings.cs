using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Host.Scenarios;

namespace Actors.Host.Reporting;

/// <summary>Everything that a run was set to, under the names that HOCON has.</summary>
internal static class ResolvedSettings
{
    /// <summary>As JSON: <c>scenario</c> and <c>actors.engine</c>.</summary>
    public static JsonObject Of(Scenario scenario)
    {
        var engine = JsonSerializer.SerializeToNode(scenario.Engine, SettingsJson.Default.EngineSettings)!.AsObject();
        // Each run has a backend of its own; the report's runs name it.
        engine.Remove("backend-name");
        NullToAuto(engine);
        return new JsonObject
        {
            ["scenario"] = JsonSerializer.SerializeToNode(scenario.Settings, SettingsJson.Default.ScenarioSettings),
            ["actors"] = new JsonObject { ["engine"] = engine },
        };
    }

    private static void NullToAuto(JsonObject section)
    {
        foreach (var (key, value) in section.ToList())
        {
            if (value is JsonObject inner)
            {
                NullToAuto(inner);
            }
            else if (value is null)
            {
                section[key] = "auto";
            }
        }
    }
}
