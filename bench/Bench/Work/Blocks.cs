using Actors.Bench.Contests;

namespace Actors.Bench.Work;

/// <summary>Blocks of a few large files, which are there beforehand and are the same for all contestants: whoever
/// writes overwrites. What a block holds is checked by nobody; files must keep their size.</summary>
/// <param name="IsBrief">Smaller files.</param>
internal sealed record Blocks(bool IsBrief) : IWork
{
    public const int Files = 4;

    private const int MiB = 1024 * 1024;

    /// <summary>MiB of each file.</summary>
    public int FileMebibytes => IsBrief ? 16 : 64;

    /// <summary>The path of a file.</summary>
    public static string PathOf(string directory, int file) => Path.Combine(directory, $"{file}.bin");

    public string DirectoryOf(string contestDirectory, string contestant) => Path.Combine(contestDirectory, "files");

    public void Prepare(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        Directory.CreateDirectory(directory);
        var random = new Random(1);
        var block = new byte[MiB];
        for (var file = 0; file < Files; file++)
        {
            using var stream = File.Create(PathOf(directory, file));
            for (var i = 0; i < FileMebibytes; i++)
            {
                random.NextBytes(block);
                stream.Write(block);
            }

            // What is still dirty would be written back under the first contestants.
            stream.Flush(flushToDisk: true);
        }
    }

    public string? FindFault(string directory, Measurement measurement)
    {
        for (var file = 0; file < Files; file++)
        {
            var length = new FileInfo(PathOf(directory, file)).Length;
            if (length != (long)FileMebibytes * MiB)
            {
                return $"{file}.bin has {length} bytes, not {FileMebibytes} MiB";
            }
        }

        return measurement[Figure.Operations] > 0 ? null : "it did nothing";
    }

    public void CleanUp(string directory)
    {
    }
}
