using System.IO.Compression;
using System.Text.Json;
using Actors.Engine;

namespace Consumer;

/// <summary>A file as a <see cref="Stream"/>, for what knows streams only.</summary>
internal sealed class Streams(FileEngine engine, string directory)
{
    public async Task RunAsync()
    {
        var path = Path.Join(directory, "numbers.json.gz");
        var numbers = Enumerable.Range(0, 100_000).ToArray();
        await using (var file = await engine.OpenStreamAsync(path, OpenMode.Write))
        await using (var packed = new GZipStream(file, CompressionLevel.Fastest))
        {
            await JsonSerializer.SerializeAsync(packed, numbers);
        }

        await using var stored = await engine.OpenStreamAsync(path);
        await using var unpacked = new GZipStream(stored, CompressionMode.Decompress);
        if (await JsonSerializer.DeserializeAsync<int[]>(unpacked) is not { } read || !read.SequenceEqual(numbers))
        {
            throw new InvalidDataException("What was read through the streams is not what was written.");
        }

        Console.WriteLine($"package: {read.Length} numbers through JSON, gzip and {stored.Length} bytes");
    }
}
