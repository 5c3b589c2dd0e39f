namespace Actors.Host.Manifests;

/// <summary>
/// What runs have put, or are going to put, into a directory. Written before the first open, so that whatever happens
/// later, the files can be told from foreign ones and checked.
/// </summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="Scenario">Name of the latest run's scenario.</param>
/// <param name="ScenarioFile">Its file.</param>
/// <param name="Started">When the latest run began.</param>
/// <param name="State">How far it got.</param>
/// <param name="Backends">By backend; those that the latest run left out keep what an earlier one wrote here.</param>
internal sealed record RunManifest(
    string Schema,
    string Scenario,
    string ScenarioFile,
    DateTimeOffset Started,
    RunState State,
    IReadOnlyList<BackendManifest> Backends)
{
    /// <summary>The schema of this version.</summary>
    public const string CurrentSchema = "actors.run/1";

    /// <summary>The entry of a backend, or null.</summary>
    public BackendManifest? Find(string backend) => Backends.FirstOrDefault(b => b.Backend == backend);

    /// <summary>The same with another state of one phase.</summary>
    public RunManifest With(string backend, int phase, RunState state) =>
        this with { Backends = [.. Backends.Select(b => b.Backend == backend ? b.With(phase, state) : b)] };
}
