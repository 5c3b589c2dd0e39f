using System.IO.Enumeration;
using Actors.Host.Manifests;
using Actors.Host.Scenarios;

namespace Actors.Host.Verification;

/// <summary>What <c>actors verify</c> found in a directory.</summary>
/// <param name="Schema">Always "actors.verify/1".</param>
/// <param name="Directory">The directory.</param>
/// <param name="Scenario">The latest run's scenario.</param>
/// <param name="State">How far the latest run got.</param>
/// <param name="Complete">True when every file of every backend holds exactly what it must.</param>
/// <param name="Backends">One by one.</param>
internal sealed record DirectoryVerdict(
    string Schema,
    string Directory,
    string Scenario,
    RunState State,
    bool Complete,
    IReadOnlyList<BackendVerdict> Backends)
{
    /// <summary>Compares everything that the manifest names with what is there.</summary>
    public static DirectoryVerdict Check(
        string directory, RunManifest manifest, CancellationToken interrupted)
    {
        var backends = manifest.Backends
            .Select(b => Check(Path.Combine(directory, b.Backend), b, interrupted)).ToList();
        return new DirectoryVerdict(
            "actors.verify/1",
            directory,
            manifest.Scenario,
            manifest.State,
            backends.TrueForAll(b => b.IsComplete),
            backends);
    }

    private static BackendVerdict Check(string directory, BackendManifest backend, CancellationToken interrupted)
    {
        var names = FileNameRule.Parse(backend.Files.FileName, backend.Files.Files);
        var (state, phase) = backend.Decisive;
        var verdict = BackendVerdict.Check(
            backend.Backend, phase, state, directory, names, backend.Content, interrupted);
        var own = names.AllNames();
        var earlier = backend.Earlier.SelectMany(s => FileNameRule.Parse(s.FileName, s.Files).AllNames()).ToHashSet();
        var others = Entries(directory).Where(n => !own.Contains(n)).Order(StringComparer.Ordinal).ToList();
        return verdict with
        {
            Earlier = others.Count(earlier.Contains),
            Foreign = [.. others.Where(n => !earlier.Contains(n))],
        };
    }

    private static IEnumerable<string> Entries(string directory)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            return [];
        }

        // Links are named, not followed.
        return new FileSystemEnumerable<string>(
            directory,
            (ref entry) => Path.GetRelativePath(directory, entry.ToFullPath()),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory || IsLink(entry.Attributes),
            ShouldRecursePredicate = (ref entry) => !IsLink(entry.Attributes),
        };
    }

    private static bool IsLink(FileAttributes attributes) => (attributes & FileAttributes.ReparsePoint) != 0;
}
