using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>How much memory the published console takes.</summary>
internal static class MemoryGroup
{
    public const string Contest = "memory";
    public const string Strict = "ours, strict";
    public const string Coalesced = "ours, coalescing";

    /// <summary>Managed memory that one line costs.</summary>
    public static readonly Metric AllocatedPerLine =
        new("B/line", m => m[Figure.AllocatedBytes] / m[Figure.Lines]);

    /// <summary>The engine's native buffers.</summary>
    public static readonly Metric WriteBuffers = Metric.Mebibytes("buffers w", Figure.PeakBufferBytes);

    /// <summary>The same for reading.</summary>
    public static readonly Metric ReadBuffers = Metric.Mebibytes("buffers r", Figure.PeakReadBufferBytes);

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale)
    {
        var work = new WriteLines(scale.Files, scale.Lines);
        var settings = Seed.Settings(work.Files, work.Lines);
        var contest = new Contest(
            Contest,
            $"the whole published process, io-uring, {work.Files} files x {work.Lines} lines written and read, " +
            "verified. MiB: resident, of that anonymous, engine buffers writing and reading; managed bytes allocated a line",
            new Metric("RSS MiB", m => m.PeakRssBytes / (1024 * 1024)),
            Strict,
            [
                new HostContestant(Strict, work, Seed.Strict, "io-uring", settings),
                new HostContestant(Coalesced, work, Seed.Coalesced, "io-uring", settings),
            ])
        {
            Columns =
            [
                Metric.Mebibytes("anon", Figure.PeakAnonymousBytes),
                WriteBuffers,
                ReadBuffers,
                AllocatedPerLine,
            ],
        };
        return new Group(Contest, "resident memory, buffers, allocation (T8)", [contest]);
    }
}
