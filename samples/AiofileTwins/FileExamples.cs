using System.Text;
using Actors.Engine;

namespace Actors.Samples.AiofileTwins;

/// <summary>Twins of <c>AIOFile</c>, which has no position, and of what reads and writes it in sequence.</summary>
internal sealed class FileExamples(FileEngine engine, string directory)
{
    /// <summary>asyncio.gather(*[afp.write(payload, offset=...)]).</summary>
    public async Task GatheredWritesAsync()
    {
        await using var file = await engine.OpenAsync(PathOf("gathered.txt"), OpenMode.ReadWriteTruncate);
        var payload = "Hello world\n"u8.ToArray();
        await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => file.WriteAsync(i * payload.Length, payload).AsTask()));
        await file.SyncAsync();

        var content = new byte[payload.Length * 10];
        var count = await file.ReadAsync(0, content);
        if (count != content.Length || content.Where((value, i) => value != payload[i % payload.Length]).Any())
        {
            throw new InvalidDataException("What was read is not what was written.");
        }

        Console.WriteLine($"{count} bytes, durable and as written");
    }

    public async Task WritesAtPositionsAsync()
    {
        await using var file = await engine.OpenAsync(PathOf("positions.txt"), OpenMode.ReadWriteTruncate);
        await file.WriteAsync(0, "Hello "u8.ToArray());
        await file.WriteAsync(7, "world"u8.ToArray());
        await file.SyncAsync();

        var content = new byte[100];
        var count = await file.ReadAsync(0, content);
        Console.WriteLine(Encoding.UTF8.GetString(content, 0, count).Replace("\0", "\\0"));
    }

    public async Task ReaderAndWriterAsync()
    {
        await using var writer = await engine.OpenWriterAsync(PathOf("sequence.txt"), OpenMode.ReadWriteTruncate);
        await using var reader = writer.File.CreateReader(new FileReaderOptions { ChunkSize = 4 << 10 });
        await writer.WriteAsync("Hello");
        await writer.WriteAsync(" ");
        await writer.WriteAsync("World");
        await writer.SyncAsync();

        await foreach (var chunk in reader.ReadChunksAsync())
        {
            Console.WriteLine(Encoding.UTF8.GetString(chunk.Span));
        }
    }

    public async Task LinesAsync()
    {
        await using var writer = await engine.OpenWriterAsync(PathOf("lines.txt"), OpenMode.ReadWriteTruncate);
        await using var reader = writer.File.CreateReader(new FileReaderOptions { KeepLineEnds = true });
        await writer.WriteAsync("Hello");
        await writer.WriteAsync(" ");
        await writer.WriteLineAsync("World");
        await writer.WriteLineAsync("");
        await writer.WriteAsync("From async world");
        await writer.SyncAsync();

        await foreach (var line in reader.ReadLinesAsync())
        {
            Console.WriteLine(line.Replace("\n", "\\n"));
        }
    }

    /// <summary>Lines from the file as they are asked for; the fields are anybody's parser's.</summary>
    public async Task CsvAsync()
    {
        await engine.WriteAllLinesAsync(PathOf("sample.csv"), ["name,born", "Ada,1815", "Grace,1906"]);
        await foreach (var row in RowsAsync(PathOf("sample.csv")))
        {
            Console.WriteLine(string.Join(", ", row.Select(field => $"{field.Key}={field.Value}")));
        }
    }

    /// <summary>CAIO_IMPL and contexts: the backend of an engine is a setting.</summary>
    public async Task AnotherBackendAsync()
    {
        await using (var threads = FileEngine.Start(new FileEngineOptions { BackendName = "thread-pool" }))
        {
            await threads.WriteAllTextAsync(PathOf("backends.txt"), $"written by {threads.Backend}");
        }

        Console.WriteLine(await engine.ReadAllTextAsync(PathOf("backends.txt")));
    }

    private async IAsyncEnumerable<Dictionary<string, string>> RowsAsync(string path)
    {
        await using var reader = await engine.OpenReaderAsync(path);
        var names = (await reader.ReadLineAsync())?.Split(',') ?? [];
        await foreach (var line in reader.ReadLinesAsync())
        {
            yield return names.Zip(line.Split(',')).ToDictionary(field => field.First, field => field.Second);
        }
    }

    private string PathOf(string name) => Path.Join(directory, name);
}
