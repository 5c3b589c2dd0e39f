using Actors.Bench.Contests;

namespace Actors.Bench.Work;

/// <summary>One file of many chunks. Whoever reads it must have seen every byte, in the page cache; whoever writes it
/// has a directory of its own, and every byte is compared afterwards.</summary>
/// <param name="Mebibytes">Its size.</param>
/// <param name="Writes">It is written; otherwise it is there beforehand, the same for all contestants.</param>
internal sealed record LargeFile(int Mebibytes, bool Writes) : IWork
{
    /// <summary>Bytes of a chunk.</summary>
    public const int ChunkBytes = 64 * 1024;

    // Different ones, so that a chunk in the wrong place shows.
    private static readonly byte[][] Different = [.. Enumerable.Range(0, 31).Select(Chunk)];

    /// <summary>Chunks of the file.</summary>
    public int Chunks => Mebibytes * (1024 * 1024 / ChunkBytes);

    /// <summary>Bytes of the file.</summary>
    public long Bytes => (long)Chunks * ChunkBytes;

    /// <summary>Where the file is.</summary>
    public static string PathIn(string directory) => Path.Combine(directory, "large.bin");

    /// <summary>A chunk's content, always the same array.</summary>
    public static byte[] ContentOf(int chunk) => Different[chunk % Different.Length];

    public string DirectoryOf(string contestDirectory, string contestant) =>
        Path.Combine(contestDirectory, Writes ? contestant.Replace(' ', '-') : "files");

    public void Prepare(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = PathIn(directory);
        if (Writes || (File.Exists(path) && new FileInfo(path).Length == Bytes))
        {
            return;
        }

        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            stream.Write(ContentOf(chunk));
        }

        // What is still dirty would be written back under the first contestants.
        stream.Flush(flushToDisk: true);
    }

    public string? FindFault(string directory, Measurement measurement) =>
        measurement[Figure.Bytes] != Bytes ? $"it saw {measurement[Figure.Bytes]} bytes of {Bytes}"
        : Writes ? FindFaultIn(PathIn(directory))
        : null;

    public void CleanUp(string directory)
    {
        if (Writes)
        {
            File.Delete(PathIn(directory));
        }
    }

    private string? FindFaultIn(string path)
    {
        using var handle = File.OpenHandle(path);
        var buffer = new byte[ChunkBytes];
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            var length = RandomAccess.Read(handle, buffer, (long)chunk * ChunkBytes);
            if (!buffer.AsSpan(0, length).SequenceEqual(ContentOf(chunk)))
            {
                return $"chunk {chunk} is not what was written";
            }
        }

        return RandomAccess.GetLength(handle) == Bytes ? null : "it is too long";
    }

    private static byte[] Chunk(int seed)
    {
        var chunk = new byte[ChunkBytes];
        new Random(seed).NextBytes(chunk);
        return chunk;
    }
}
