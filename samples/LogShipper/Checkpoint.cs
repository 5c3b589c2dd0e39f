using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Engine;

namespace Actors.Samples.LogShipper;

/// <summary>The remembered positions, as one JSON file that is replaced whole: it holds the old ones or the
/// new.</summary>
internal sealed partial class Checkpoint(FileEngine engine, string path)
{
    public async Task LoadAsync(string source, Dictionary<string, SourceFile> files)
    {
        if (!await engine.ExistsAsync(path))
        {
            return;
        }

        try
        {
            await using var stream = await engine.OpenStreamAsync(path);
            var entries = await JsonSerializer.DeserializeAsync(stream, Json.Default.DictionaryStringEntry);
            foreach (var (name, entry) in entries ?? [])
            {
                files[name] = new SourceFile(Path.Join(source, name), name)
                {
                    Position = entry.Position,
                    Created = entry.Created,
                };
            }
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{path} has no positions in it ({e.Message}) Delete it to ship everything again.", e);
        }
    }

    /// <summary>Durable when the task completes.</summary>
    public async Task SaveAsync(IEnumerable<SourceFile> files)
    {
        var entries = files.ToDictionary(file => file.Name, file => new Entry(file.Position, file.Created));
        var json = JsonSerializer.SerializeToUtf8Bytes(entries, Json.Default.DictionaryStringEntry);
        await engine.ReplaceAsync(path, json);
    }

    internal sealed record Entry(long Position, DateTime? Created);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
    [JsonSerializable(typeof(Dictionary<string, Entry>))]
    private sealed partial class Json : JsonSerializerContext;
}
