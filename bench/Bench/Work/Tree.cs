using Actors.Bench.Contests;

namespace Actors.Bench.Work;

/// <summary>A tree of small files, to be copied into each contestant's own directory; every byte of the copy is compared
/// afterwards.</summary>
/// <param name="Directories">Directories, all in one.</param>
/// <param name="FilesEach">Files of each.</param>
internal sealed record Tree(int Directories, int FilesEach) : IWork
{
    /// <summary>Bytes of a file.</summary>
    public const int FileBytes = 16 * 1024;

    /// <summary>All files.</summary>
    public int Files => Directories * FilesEach;

    /// <summary>What is copied, seen from a contestant's directory.</summary>
    public static string SourceOf(string directory) => Path.Combine(Path.GetDirectoryName(directory)!, "source");

    /// <summary>Where the copy goes.</summary>
    public static string TargetOf(string directory) => Path.Combine(directory, "copy");

    public string DirectoryOf(string contestDirectory, string contestant) =>
        Path.Combine(contestDirectory, contestant.Replace(' ', '-'));

    public void Prepare(string directory)
    {
        CleanUp(directory);
        Directory.CreateDirectory(directory);
        var source = SourceOf(directory);
        if (Directory.Exists(source))
        {
            return;
        }

        foreach (var path in PathsIn(source))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, ContentOf(path));
        }
    }

    public string? FindFault(string directory, Measurement measurement)
    {
        var target = TargetOf(directory);
        return Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Count() != Files
            ? "it has not as many files as there were"
            : PathsIn(target).FirstOrDefault(path => !File.ReadAllBytes(path).AsSpan().SequenceEqual(ContentOf(path)))
                is { } wrong ? $"{wrong} is not what was copied" : null;
    }

    /// <summary>Put aside as <see cref="WriteLines.CleanUp"/> does, for the same reason.</summary>
    public void CleanUp(string directory) => new WriteLines(0, 0).CleanUp(directory);

    private IEnumerable<string> PathsIn(string root) =>
        from directory in Enumerable.Range(0, Directories)
        from file in Enumerable.Range(0, FilesEach)
        select Path.Combine(root, $"{directory}", $"{file}.bin");

    /// <summary>Another one for each name.</summary>
    private static byte[] ContentOf(string path)
    {
        var content = new byte[FileBytes];
        var seed = Path.GetFileName(Path.GetDirectoryName(path)) + Path.GetFileName(path);
        new Random(seed.Aggregate(17, (hash, c) => (hash * 31) + c)).NextBytes(content);
        return content;
    }
}
