using System.Globalization;
using System.Text.Json;
using Actors.Host.Scenarios;

namespace Actors.Host.Manifests;

/// <summary>A manifest from its JSON. What it does not name is not looked at.</summary>
internal static class ManifestReader
{
    /// <summary>Reads a manifest of this version's schema.</summary>
    /// <exception cref="FormatException">Something is missing, or is not what it must be.</exception>
    public static RunManifest Read(JsonElement manifest) => new(
        Text(manifest, "schema"),
        Text(manifest, "scenario"),
        Text(manifest, "scenarioFile"),
        Part(manifest, "started").GetDateTimeOffset(),
        Name<RunState>(manifest, "state"),
        List(manifest, "backends", ReadBackend));

    private static BackendManifest ReadBackend(JsonElement backend) => new(
        Text(backend, "backend"),
        Text(backend, "scenario"),
        ReadFiles(Part(backend, "files")),
        Number(backend, "seed"),
        List(backend, "phases", ReadPhase),
        List(backend, "earlier", ReadFiles));

    private static FileSet ReadFiles(JsonElement files) => new(Text(files, "fileName"), Part(files, "files").GetInt32());

    private static PhaseManifest ReadPhase(JsonElement phase) =>
        new(Name<RunState>(phase, "state"), ReadSettings(Part(phase, "phase")));

    private static PhaseSettings ReadSettings(JsonElement phase) => new(
        Text(phase, "name"),
        Name<PhaseOperation>(phase, "operation"),
        Name<PhaseUnit>(phase, "unit"),
        Number(phase, "count"),
        Optional(phase, "line")?.GetString(),
        Part(phase, "sync").GetBoolean(),
        Part(phase, "verify").GetBoolean())
    {
        BlockSize = Optional(phase, "blockSize")?.GetInt32(),
        Pattern = Optional(phase, "pattern") is null ? null : Name<AccessPattern>(phase, "pattern"),
        InFlight = Optional(phase, "inFlight")?.GetInt32(),
        Direct = Optional(phase, "direct")?.GetBoolean(),
        ReadPercent = Optional(phase, "readPercent")?.GetInt32(),
        Duration = Duration(phase, "duration"),
        Warmup = Duration(phase, "warmup"),
        SyncEvery = Optional(phase, "syncEvery")?.GetInt32(),
    };

    private static JsonElement? Optional(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JsonElement Part(JsonElement parent, string name) =>
        Optional(parent, name) ?? throw new FormatException($"\"{name}\" is missing");

    private static string Text(JsonElement parent, string name) => Part(parent, name).GetString()!;

    private static long Number(JsonElement parent, string name) => Part(parent, name).GetInt64();

    private static TimeSpan? Duration(JsonElement parent, string name) =>
        Optional(parent, name)?.GetString() is { } text
            ? TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture)
            : null;

    private static T Name<T>(JsonElement parent, string name)
        where T : struct, Enum
    {
        var text = Text(parent, name);
        return Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"\"{name}\" is \"{text}\"");
    }

    private static List<T> List<T>(JsonElement parent, string name, Func<JsonElement, T> read) =>
        [.. Part(parent, name).EnumerateArray().Select(read)];
}
