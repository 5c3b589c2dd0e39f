using Actors.Bench.Contests;

namespace Actors.Bench.Work;

/// <summary>Reading line by line what <see cref="WriteLines"/> writes. All contestants read the same files, which are
/// in the page cache; each must have seen every line and every byte.</summary>
internal sealed record ReadLines(int Files, int Lines) : IWork
{
    private const int BlockBytes = 64 * 1024;

    private readonly WriteLines _written = new(Files, Lines);

    public string DirectoryOf(string contestDirectory, string contestant) => Path.Combine(contestDirectory, "files");

    public void Prepare(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        Directory.CreateDirectory(directory);
        foreach (var path in WriteLines.PathsIn(directory, Files))
        {
            Write(path);
        }
    }

    public string? FindFault(string directory, Measurement measurement)
    {
        var lines = (long)Files * Lines;
        var bytes = _written.Content().Length(0) * Files;
        return measurement[Figure.Lines] == lines && measurement[Figure.Bytes] == bytes
            ? null
            : $"it saw {measurement[Figure.Lines]} lines and {measurement[Figure.Bytes]} bytes of {lines} and {bytes}";
    }

    public void CleanUp(string directory)
    {
    }

    private void Write(string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[BlockBytes];
        var content = _written.Content().Read(0);
        for (var length = content.Fill(block); length > 0; length = content.Fill(block))
        {
            stream.Write(block, 0, length);
        }
    }
}
