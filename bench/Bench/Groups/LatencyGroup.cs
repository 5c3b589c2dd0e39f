using Actors.Bench.Contests;
using Actors.Bench.Ours;
using Actors.Bench.Peers;
using Actors.Bench.Work;
using Actors.Engine;

namespace Actors.Bench.Groups;

/// <summary>How long one write takes, and what it costs to wait for the next one.</summary>
internal static class LatencyGroup
{
    public const string Contest = "latency";
    public const string IdleContest = "idle";
    public const string RandomAccess = ".NET RandomAccess.WriteAsync";
    public const string IdleSystem = "Akka.NET alone";
    public const string IdleOurs = "ours auto";
    public const string IdleUnspun = "ours auto, without spinning";

    /// <summary>The name of ours on a backend.</summary>
    public static string Ours(string backend, bool isColocated) =>
        $"{Lineup.Ours(backend)}, client {(isColocated ? "on the shard" : "elsewhere")}";

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale) => new(
        Contest, "one write in flight; an idle engine (T10)", [OneWrite(scale), Nothing(scale)]);

    private static Contest OneWrite(Scale scale)
    {
        var work = new WriteLines(1, scale.IsBrief ? 2_000 : 50_000);
        return new Contest(
            Contest,
            $"{work.Lines} lines to one file, each sent when the one before has been acknowledged; " +
            "elsewhere = on the default dispatcher",
            Metric.Reported("p50 us", Figure.P50Micros),
            Ours(Lineup.Default, true),
            [
                Lineup.InDotNet(RandomAccess, work, () => new AwaitedWrites(work.Lines)),
                .. BackendProbe.Names.Prepend(Lineup.Default)
                    .SelectMany(b => (Contestant[])[Client(b, true), Client(b, false)]),
            ])
        {
            Columns = [Metric.Reported("p99 us", Figure.P99Micros)],
        };

        Contestant Client(string backend, bool isColocated) => Lineup.InProcess(
            Ours(backend, isColocated), work, () => new OneWriteAtATime(backend, isColocated, work.Lines));
    }

    private static Contest Nothing(Scale scale)
    {
        var time = TimeSpan.FromSeconds(scale.IsBrief ? 1 : 5);
        var work = new NoWork();
        return new Contest(
            IdleContest,
            $"processor time of a process with nothing to do for {time.TotalSeconds} s, ours with a file open",
            new Metric("cpu ms/s", m => m.CpuSeconds / m.Seconds * 1000),
            IdleOurs,
            [
                Lineup.InProcess(IdleOurs, work, () => new Idle(time, [])),
                Lineup.InProcess(IdleUnspun, work, () =>
                    new Idle(time, ["actors.engine.event-loop.spin=0"])),
                Lineup.InDotNet(IdleSystem, work, () => new Idle(time, null)),
            ]);
    }
}
