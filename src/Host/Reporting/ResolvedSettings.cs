using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Host.Documents;
using Actors.Host.Scenarios;

namespace Actors.Host.Reporting;

/// <summary>Everything that a run was set to, under the names that HOCON has.</summary>
internal static class ResolvedSettings
{
    private static readonly RecordJson Hocon = new(JsonNamingPolicy.KebabCaseLower, Duration);

    /// <summary>As JSON: <c>scenario</c> and <c>actors.engine</c>.</summary>
    public static JsonObject Of(Scenario scenario)
    {
        var engine = Hocon.Tree(scenario.Engine);
        // Each run has a backend of its own; the report's runs name it.
        engine.Remove("backend-name");
        NullToAuto(engine);
        return new JsonObject
        {
            ["scenario"] = Hocon.Tree(scenario.Settings),
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

    // As HOCON has them: 20us, 500ms, 30s.
    private static string Duration(TimeSpan value)
    {
        if (value == Timeout.InfiniteTimeSpan)
        {
            return "infinite";
        }

        var (number, unit) = value.Ticks switch
        {
            var t when t % TimeSpan.TicksPerSecond == 0 => (t / TimeSpan.TicksPerSecond, "s"),
            var t when t % TimeSpan.TicksPerMillisecond == 0 => (t / TimeSpan.TicksPerMillisecond, "ms"),
            var t => (t / TimeSpan.TicksPerMicrosecond, "us"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
    }
}
