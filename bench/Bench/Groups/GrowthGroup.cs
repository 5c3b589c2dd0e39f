using Actors.Bench.Contests;
using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>The same lines over more and more files, all open at the same time.</summary>
internal static class GrowthGroup
{
    public const string Contest = "growth";
    public const int Few = 100;
    public const int Many = 10_000;

    private static readonly int[] FileCounts = [10, Few, 1_000, Many];

    /// <summary>The C loop over so many files.</summary>
    public static string Pwrite(int files) => $"{StrictGroup.Pwrite}, {files} files";

    /// <summary>Ours over so many files.</summary>
    public static string Ours(int files) => $"{Lineup.Ours("io-uring")}, {files} files";

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale)
    {
        var total = scale.Files * scale.Lines;
        int[] counts = scale.IsBrief ? [.. FileCounts.Where(files => files < Many)] : FileCounts;
        var contest = new Contest(
            Contest,
            $"{total} lines over {string.Join(", ", counts)} files, one kernel write for each line",
            Metric.Seconds,
            Ours(Few),
            [.. counts.SelectMany(files => Pair(files, total / files))]);
        return new Group(Contest, "how time grows with the number of files (T7)", [contest]);
    }

    private static IEnumerable<Contestant> Pair(int files, int lines)
    {
        var work = new WriteLines(files, lines);
        yield return Lineup.InC(Pwrite(files), work, "pwrite_lines", files, lines);
        yield return Lineup.Ours(
            Ours(files), work, Seed.Strict, "write", "io-uring", Seed.Settings(files, lines));
    }
}
