using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Ours;
using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>What starting the console costs.</summary>
internal static class ColdGroup
{
    public const string Contest = "cold";
    public const string Cold = "ours, the published process";
    public const string Warm = "ours, warm in process";

    private const string Backend = "io-uring";

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale)
    {
        var work = new WriteLines(scale.Files, scale.Lines);
        var settings = Seed.Settings(work.Files, work.Lines);
        var contest = new Contest(
            Contest,
            $"run hocon/seed.conf --backend {Backend} --quiet at {work.Files} files x {work.Lines} lines: write, " +
            "verify, read, verify, on both sides",
            Metric.Seconds,
            Warm,
            [
                new HostContestant(Cold, work, Seed.Strict, Backend, settings),
                new WarmContestant(
                    Warm,
                    true,
                    work,
                    () => new WholeScenario(Seed.Strict, [.. settings, $"scenario.backends={Backend}"]),
                    filesBelow: Backend),
            ]);
        return new Group(Contest, "the whole console, cold, against itself warm (T9)", [contest]);
    }
}
