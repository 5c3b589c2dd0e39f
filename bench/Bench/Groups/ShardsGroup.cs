using Actors.Bench.Contests;
using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>What a second shard brings.</summary>
internal static class ShardsGroup
{
    public const string One = "ours, one shard";
    public const string Two = "ours, two shards";
    public const string StrictRing = "shards-strict-io-uring";
    public const string StrictDefault = "shards-strict-auto";
    public const string Coalesced = "shards-coalesced-auto";

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale) => new(
        "shards",
        "two shards against one; wants two idle cores (T11)",
        [
            Create(StrictRing, scale, Seed.Strict, "io-uring"),
            Create(StrictDefault, scale, Seed.Strict, Lineup.Default),
            Create(Coalesced, scale, Seed.Coalesced, Lineup.Default),
        ]);

    private static Contest Create(string name, Scale scale, string scenario, string backend)
    {
        var work = new WriteLines(scale.Files, scale.Lines);
        var settings = Seed.Settings(work.Files, work.Lines);
        return new Contest(
            name,
            $"{scenario}.conf, write, {backend}",
            Metric.Seconds,
            Two,
            [
                Lineup.Ours(One, work, scenario, "write", backend, [.. settings, "actors.engine.shards=1"]),
                Lineup.Ours(Two, work, scenario, "write", backend, [.. settings, "actors.engine.shards=2"]),
            ]);
    }
}
