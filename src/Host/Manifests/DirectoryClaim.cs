using Actors.Host.Commands;
using Actors.Host.Machine;
using Actors.Host.Scenarios;

namespace Actors.Host.Manifests;

/// <summary>
/// Makes a directory ready for a run. Files that an earlier run wrote, as its manifest says, are removed where the new
/// run will write; any other file in the way stops the run, unless the user forces it. Nothing else is touched.
/// </summary>
internal sealed class DirectoryClaim
{
    private readonly string _directory;
    private readonly FileNameRule _rule;
    private readonly bool _force;
    private readonly RunManifest? _earlier;
    private readonly List<string> _inTheWay = [];

    private DirectoryClaim(string directory, FileNameRule rule, bool force, RunManifest? earlier)
    {
        _directory = directory;
        _rule = rule;
        _force = force;
        _earlier = earlier;
    }

    /// <summary>Creates the directory when it is missing, and makes sure that it can be written to.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static void Prepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var trial = Path.Combine(directory, $".actors-trial-{Environment.ProcessId}");
            new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)
                .Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotUsable(directory, e);
        }
    }

    /// <summary>Looks at the directory; changes nothing in it.</summary>
    /// <exception cref="UsageException">The directory cannot be used, or a file is in the way.</exception>
    public static DirectoryClaim Examine(
        string directory, IEnumerable<string> backends, FileNameRule rule, bool force)
    {
        try
        {
            var claim = new DirectoryClaim(directory, rule, force, LoadEarlier(directory, force));
            foreach (var backend in backends)
            {
                claim.Examine(backend);
            }

            return claim;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotUsable(directory, e);
        }
    }

    /// <summary>Writes the manifest, removes what earlier runs left in the way, creates the directories.</summary>
    /// <returns>The manifest as written.</returns>
    public RunManifest Take(RunManifest planned)
    {
        try
        {
            var manifest = planned with { Backends = [.. Merge(planned)] };
            ManifestFile.Save(_directory, manifest);
            _inTheWay.ForEach(File.Delete);
            foreach (var backend in planned.Backends)
            {
                CreateDirectories(Path.Combine(_directory, backend.Backend));
            }

            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotUsable(_directory, e);
        }
    }

    private static UsageException NotUsable(string directory, Exception e) => new(
        $"scenario.directory {directory} cannot be used: {e.Message} " +
        "Choose a directory that you may write to, with --dir DIR.", e);

    private static RunManifest? LoadEarlier(string directory, bool force)
    {
        try
        {
            return ManifestFile.Load(directory);
        }
        catch (InvalidDataException e)
        {
            return force
                ? null
                : throw new UsageException(
                    $"{e.Message} It was not written by a run of this version; " +
                    "choose another directory with --dir DIR, or overwrite with --force.", e);
        }
    }

    private void Examine(string backend)
    {
        var root = Path.Combine(_directory, backend);
        var kind = Entry.KindOf(root);
        if (kind == EntryKind.None)
        {
            return;
        }

        RequireDirectory(root, kind);

        var owned = OwnedNames(backend);
        var names = _rule.AllNames();
        var parents = names.Select(Path.GetDirectoryName).OfType<string>().SelectMany(WithParents).ToHashSet();
        Examine(new DirectoryInfo(root), root, names, parents, owned);
    }

    private void Examine(
        DirectoryInfo directory,
        string root,
        IReadOnlySet<string> names,
        IReadOnlySet<string> parents,
        IReadOnlySet<string> owned)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            var name = Path.GetRelativePath(root, entry.FullName);
            if (names.Contains(name))
            {
                ExamineFile(entry.FullName, owned.Contains(name));
            }
            else if (parents.Contains(name))
            {
                RequireDirectory(entry.FullName, Entry.KindOf(entry.FullName));
                Examine((DirectoryInfo)entry, root, names, parents, owned);
            }
        }
    }

    private void ExamineFile(string path, bool owned)
    {
        if (Entry.KindOf(path) is var kind && kind != EntryKind.File)
        {
            throw InTheWay(path, $"it is {Entry.Describe(kind)}, not a file");
        }

        if (!owned && !_force)
        {
            throw new UsageException(
                $"{path} exists and was not written by a run of actors, so it is not overwritten. " +
                "Choose another directory with --dir DIR, or overwrite with --force.");
        }

        // Removed and made anew: it may have another name elsewhere, whose content is not ours.
        _inTheWay.Add(path);
    }

    private static void RequireDirectory(string path, EntryKind kind)
    {
        if (kind != EntryKind.Directory)
        {
            throw InTheWay(path, $"it is {Entry.Describe(kind)}, not a directory");
        }
    }

    private static UsageException InTheWay(string path, string why) => new(
        $"{path} is in the way: {why}. Remove it, or choose another directory with --dir DIR.");

    private static IEnumerable<string> WithParents(string? path)
    {
        for (; !string.IsNullOrEmpty(path); path = Path.GetDirectoryName(path))
        {
            yield return path;
        }
    }

    private HashSet<string> OwnedNames(string backend) =>
        [.. (_earlier?.Find(backend)?.Owned ?? []).SelectMany(s => FileNameRule.Parse(s.FileName, s.Files).AllNames())];

    // Entries of backends that are not run now stay; those that are run remember what they do not replace.
    private IEnumerable<BackendManifest> Merge(RunManifest planned)
    {
        foreach (var backend in planned.Backends)
        {
            var owned = _earlier?.Find(backend.Backend)?.Owned ?? [];
            yield return backend with { Earlier = [.. owned.Where(s => !Covers(backend.Files, s)).Distinct()] };
        }

        foreach (var earlier in _earlier?.Backends ?? [])
        {
            if (planned.Find(earlier.Backend) is null)
            {
                yield return earlier;
            }
        }
    }

    private static bool Covers(FileSet files, FileSet other) =>
        files.FileName == other.FileName && files.Files >= other.Files;

    private void CreateDirectories(string root)
    {
        Directory.CreateDirectory(root);
        string? last = null;
        for (var i = 0; i < _rule.Files; i++)
        {
            var parent = Path.GetDirectoryName(_rule.NameOf(i));
            if (!string.IsNullOrEmpty(parent) && parent != last)
            {
                Directory.CreateDirectory(Path.Combine(root, parent));
            }

            last = parent;
        }
    }
}
