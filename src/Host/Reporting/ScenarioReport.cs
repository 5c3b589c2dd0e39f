using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Actors.Host.Reporting;

/// <summary>What was run.</summary>
/// <param name="Name">The scenario's name.</param>
/// <param name="File">Its file.</param>
/// <param name="Resolve">Makes <see cref="Resolved"/>; a run without a document need not.</param>
internal sealed record ScenarioReport(string Name, string File, [property: JsonIgnore] Func<JsonObject> Resolve)
{
    /// <summary>Every setting it ran with, under the paths that HOCON has them, defaults filled in.</summary>
    public JsonObject Resolved => Resolve();
}
