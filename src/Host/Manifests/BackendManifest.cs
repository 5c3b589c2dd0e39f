using System.Text.Json.Serialization;
using Actors.Host.Content;
using Actors.Host.Scenarios;

namespace Actors.Host.Manifests;

/// <summary>What the last run of one backend wrote, or was going to write, into its directory.</summary>
/// <param name="Backend">The backend, which is also the name of the directory.</param>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Files">Which files.</param>
/// <param name="Seed">Where block contents come from.</param>
/// <param name="Phases">What was to be done to them.</param>
/// <param name="Earlier">Files of earlier runs that this one did not replace.</param>
internal sealed record BackendManifest(
    string Backend,
    string Scenario,
    FileSet Files,
    long Seed,
    IReadOnlyList<PhaseManifest> Phases,
    IReadOnlyList<FileSet> Earlier)
{
    /// <summary>All the files that runs wrote here.</summary>
    [JsonIgnore]
    public IEnumerable<FileSet> Owned => Earlier.Prepend(Files);

    /// <summary>The write phase that decides what the files hold: the last that began, or the first of all.</summary>
    [JsonIgnore]
    public PhaseManifest Decisive => Phases[DecisiveIndex];

    /// <summary>What the files hold when the decisive phase is done.</summary>
    [JsonIgnore]
    public FileContent Content =>
        PhaseSettings.ContentAfter([.. Phases.Select(p => p.Phase)], DecisiveIndex, Seed);

    private int DecisiveIndex
    {
        get
        {
            var begun = Phases.ToList().FindLastIndex(p => p.Phase.Writes && p.State != RunState.Pending);
            return begun >= 0 ? begun : Phases.ToList().FindIndex(p => p.Phase.Writes);
        }
    }

    /// <summary>The same with another state of a phase.</summary>
    public BackendManifest With(int phase, RunState state) =>
        this with { Phases = [.. Phases.Select((p, i) => i == phase ? p with { State = state } : p)] };
}
