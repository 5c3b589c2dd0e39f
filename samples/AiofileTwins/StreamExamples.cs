using System.Security.Cryptography;
using Actors.Engine;

namespace Actors.Samples.AiofileTwins;

/// <summary>Twins of <c>async_open</c> and <c>clone</c>: files with a position of their own.</summary>
internal sealed class StreamExamples(FileEngine engine, string directory)
{
    /// <summary>'w+' is <see cref="OpenMode.ReadWriteTruncate"/>; tell() is <see cref="Stream.Position"/>.</summary>
    public async Task WriteSeekReadAsync()
    {
        await using var file = await engine.OpenStreamAsync(PathOf("hello.txt"), OpenMode.ReadWriteTruncate);
        await file.WriteAsync("Hello "u8.ToArray());
        await file.WriteAsync("world"u8.ToArray());
        file.Seek(0, SeekOrigin.Begin);
        using var text = new StreamReader(file, leaveOpen: true);
        Console.WriteLine(await text.ReadToEndAsync());

        var end = file.Position;
        await file.WriteAsync("Hello from\nasync world"u8.ToArray());
        Console.WriteLine($"from {end} to {file.Position}");
        file.Position = end;
        text.DiscardBufferedData();
        Console.WriteLine(await text.ReadLineAsync());
        Console.WriteLine(await text.ReadLineAsync());
    }

    public async Task WithoutUsingAsync()
    {
        var file = await engine.OpenWriterAsync(PathOf("short.txt"));
        await file.WriteAsync("Hello");
        await file.DisposeAsync();
        Console.WriteLine(await engine.ReadAllTextAsync(PathOf("short.txt")));
    }

    public async Task ConcatenateAsync()
    {
        await engine.WriteAllLinesAsync(PathOf("a.txt"), ["first", "second"]);
        await engine.WriteAllLinesAsync(PathOf("b.txt"), ["third"]);
        foreach (var name in (string[])["a.txt", "b.txt"])
        {
            await foreach (var line in engine.ReadLinesAsync(PathOf(name)))
            {
                Console.WriteLine(line);
            }
        }
    }

    /// <summary>The chunk is the reader's memory; the writer copies what is small and writes what is large from there.
    /// <see cref="FileEngine.CopyAsync"/> does it without reading, where the file system can.</summary>
    public async Task CopyAsync()
    {
        var source = await WriteBlocksAsync("source.bin", 300_000);
        await using (var reader = await engine.OpenReaderAsync(
            source, new FileReaderOptions { ChunkSize = 64 << 10 }))
        await using (var writer = await engine.OpenWriterAsync(PathOf("target.bin")))
        {
            await foreach (var chunk in reader.ReadChunksAsync())
            {
                await writer.WriteAsync(chunk);
            }
        }

        var before = await engine.ReadAllBytesAsync(source);
        var after = await engine.ReadAllBytesAsync(PathOf("target.bin"));
        Require(before.AsSpan().SequenceEqual(after), "the copy is the same");
        Console.WriteLine($"copied {after.Length} bytes");
    }

    public async Task OfAnOpenFileAsync()
    {
        await using var file = await engine.OpenAsync(PathOf("test.txt"), OpenMode.ReadWriteTruncate);
        await using var stream = file.AsStream();
        await stream.WriteAsync("Hello from\nasync world"u8.ToArray());
        stream.Seek(0, SeekOrigin.Begin);
        using var text = new StreamReader(stream, leaveOpen: true);
        Console.WriteLine(await text.ReadLineAsync());
    }

    /// <summary>Files of /proc have no length; they are read until nothing comes. No other backend is needed.</summary>
    public async Task SpecialFileAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("only Linux has /proc");
            return;
        }

        await using var target = await engine.OpenWriterAsync(PathOf("cpuinfo"));
        await foreach (var line in engine.ReadLinesAsync("/proc/cpuinfo"))
        {
            await target.WriteLineAsync(line);
        }

        Require(target.Accepted > 0, "something was copied");
        Console.WriteLine("copied /proc/cpuinfo");
    }

    /// <summary>Each clone has a position and a buffer of its own, over one open file.</summary>
    public async Task HashesAsync()
    {
        await using var source = await engine.OpenReaderAsync(await WriteBlocksAsync("hashed.bin", 3_000_000));
        HashAlgorithmName[] names =
            [HashAlgorithmName.MD5, HashAlgorithmName.SHA1, HashAlgorithmName.SHA256, HashAlgorithmName.SHA512];
        await Task.WhenAll(names.Select(async name =>
        {
            await using var reader = source.Clone();
            Console.WriteLine($"{name} {await HashAsync(name, reader)}");
        }));
    }

    private static async Task<string> HashAsync(HashAlgorithmName name, FileReader reader)
    {
        using var hash = IncrementalHash.CreateHash(name);
        await foreach (var chunk in reader.ReadChunksAsync())
        {
            hash.AppendData(chunk.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<string> WriteBlocksAsync(string name, int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);
        await engine.WriteAllBytesAsync(PathOf(name), content);
        return PathOf(name);
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidDataException($"Not so: {what}.");
        }
    }

    private string PathOf(string name) => Path.Join(directory, name);
}
