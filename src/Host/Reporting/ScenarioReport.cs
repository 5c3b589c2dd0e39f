using System.Text.Json.Nodes;

namespace Actors.Host.Reporting;

/// <summary>What was run.</summary>
/// <param name="Name">The scenario's name.</param>
/// <param name="File">Its file.</param>
/// <param name="Resolved">Every setting it ran with, under the paths that HOCON has them, defaults filled in.</param>
internal sealed record ScenarioReport(string Name, string File, JsonObject Resolved);
