using System.Text.Json.Serialization;

namespace Actors.Host.Scenarios;

/// <summary>The <c>scenario</c> section, read and checked.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Directory">Where the files go, as given.</param>
/// <param name="Files">How many there are.</param>
/// <param name="FileName">Template of their paths below the backend's directory.</param>
/// <param name="Backends"><c>available</c>, <c>auto</c>, or names.</param>
/// <param name="SkipBackends">Left out of <c>available</c>.</param>
/// <param name="Verify">Whether phases that do not say so themselves are verified.</param>
/// <param name="Seed">Where block contents and random orders come from.</param>
/// <param name="Phases">In order; each finishes before the next begins.</param>
internal sealed record ScenarioSettings(
    string Name,
    string Directory,
    int Files,
    string FileName,
    IReadOnlyList<string> Backends,
    IReadOnlyList<string> SkipBackends,
    bool Verify,
    long Seed,
    IReadOnlyList<PhaseSettings> Phases)
{
    /// <summary>All backends that the machine has.</summary>
    public const string Available = "available";

    /// <summary>The one that probing finds best.</summary>
    public const string Auto = "auto";

    /// <summary>True when every backend that the machine has takes its turn.</summary>
    [JsonIgnore]
    public bool RunsAvailable => Backends is [Available];

    /// <summary>True when the engine chooses the backend.</summary>
    [JsonIgnore]
    public bool RunsAuto => Backends is [Auto];
}
