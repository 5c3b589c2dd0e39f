using Actors.Bench.Contests;
using Actors.Host.Content;
using Actors.Host.Scenarios;
using Actors.Host.Verification;

namespace Actors.Bench.Work;

/// <summary>The article's writing: so many files, so many lines each, every line formatted by the contestant. Each
/// contestant has a directory, empty before every run; every byte is compared afterwards.</summary>
internal sealed record WriteLines(int Files, int Lines) : IWork
{
    /// <summary>The line, as scenarios have it.</summary>
    public const string Template = "This is line {line} of the file";

    /// <summary>What the files hold.</summary>
    public LineContent Content() => new(TextTemplate.Parse(Template, TextTemplate.Line), Lines);

    /// <summary>The paths of the files.</summary>
    public static IEnumerable<string> PathsIn(string directory, int files) =>
        Enumerable.Range(0, files).Select(file => Path.Combine(directory, $"{file}.txt"));

    public string DirectoryOf(string contestDirectory, string contestant) =>
        Path.Combine(contestDirectory, contestant.Replace(' ', '-'));

    public void Prepare(string directory)
    {
        CleanUp(directory);
        Directory.CreateDirectory(directory);
    }

    public string? FindFault(string directory, Measurement measurement)
    {
        var verifier = new FileVerifier(directory, FileNameRule.Parse("{file}.txt", Files), Content());
        return Enumerable.Range(0, Files)
            .Select(verifier.Check)
            .Where(verdict => verdict.Status != FileStatus.Complete)
            .Select(verdict => $"{verdict.File} is {verdict.Status}")
            .FirstOrDefault();
    }

    /// <summary>Emptied and put aside rather than deleted, until the contest is over: for seconds after a file was
    /// deleted, ext4 passes over its inode at each creation, at a cost that grows with the number of rounds.</summary>
    public void CleanUp(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            File.Open(path, FileMode.Truncate).Dispose();
        }

        Directory.Move(directory, $"{directory}.{Guid.NewGuid():n}");
    }
}
