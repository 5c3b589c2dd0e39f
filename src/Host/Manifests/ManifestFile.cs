using System.Text.Json;
using Actors.Host.Commands;
using Actors.Host.Content;
using Actors.Host.Documents;
using Actors.Host.Machine;
using Actors.Host.Scenarios;

namespace Actors.Host.Manifests;

/// <summary>The manifest on disk: <c>.actors-run.json</c> in the scenario's directory.</summary>
internal static class ManifestFile
{
    /// <summary>Its name.</summary>
    public const string Name = ".actors-run.json";

    private const int SizeMax = 64 << 20;

    /// <summary>Its path in a directory.</summary>
    public static string PathIn(string directory) => Path.Combine(directory, Name);

    /// <summary>Reads it; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is there and is not a manifest of this version.</exception>
    /// <exception cref="UsageException">Something else than a file has its name.</exception>
    public static RunManifest? Load(string directory)
    {
        var path = PathIn(directory);
        var kind = Entry.KindOf(path);
        if (kind == EntryKind.None)
        {
            return null;
        }

        if (kind != EntryKind.File)
        {
            throw new UsageException($"{path} is {Entry.Describe(kind)}, not the file that a run writes. Remove it.");
        }

        if (new FileInfo(path).Length > SizeMax)
        {
            throw new InvalidDataException($"{path} is not a manifest of a run: it is larger than any.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            CheckSchema(document.RootElement, path);
            return Checked(ManifestReader.Read(document.RootElement));
        }
        catch (Exception e) when (
            e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new InvalidDataException($"{path} is not a manifest of a run: {e.Message}", e);
        }
    }

    /// <summary>Writes it, durably and all or nothing: a killed run leaves the old one or the new one.</summary>
    public static void Save(string directory, RunManifest manifest) =>
        WholeFile.Replace(PathIn(directory), ".new", file => RecordJson.Documents.Write(file, manifest));

    private static void CheckSchema(JsonElement manifest, string path)
    {
        var schema = manifest.TryGetProperty("schema", out var value) ? value.ToString() : "";
        if (schema != RunManifest.CurrentSchema)
        {
            throw new InvalidDataException(
                $"{path} has schema \"{schema}\"; this version reads \"{RunManifest.CurrentSchema}\".");
        }
    }

    // A manifest is input like any other: it must not lead out of its directory either.
    private static RunManifest Checked(RunManifest manifest)
    {
        foreach (var backend in manifest.Backends)
        {
            FileNameRule.Parse(backend.Backend, 1);
            foreach (var set in backend.Owned)
            {
                FileNameRule.Parse(set.FileName, set.Files);
            }

            CheckPhases(backend);
        }

        return manifest;
    }

    private static void CheckPhases(BackendManifest backend)
    {
        foreach (var (_, phase) in backend.Phases)
        {
            var isComplete = phase.Unit == PhaseUnit.Line
                ? phase.Line is not null
                : phase.BlockSize is >= BlockHeader.Size and <= BlockPhaseReader.BlockSizeMax;
            if (phase.Writes && (!isComplete || phase.Count is < 1 or > int.MaxValue))
            {
                throw new FormatException($"phase \"{phase.Name}\" of {backend.Backend} does not say what it writes");
            }
        }

        if (!backend.Phases.Any(p => p.Phase.LaysOut))
        {
            throw new FormatException($"{backend.Backend} has no write phase");
        }

        _ = backend.Content;
    }
}
