using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>Blocks at their positions, beside fio.</summary>
internal static class BlockGroup
{
    public const string RandomRead = "block-random-read-direct";
    public const string FioPsync = "fio psync";
    public const string FioRing = "fio io_uring";

    private const string Ring = "io-uring";
    private const int RandomInFlight = 32;
    // As many as the default credits of four files hold at 64 KiB.
    private const int SequentialInFlight = 16;

    /// <summary>Processor time of one block.</summary>
    public static readonly Metric CpuPerOperation =
        new("cpu us/block", m => m.CpuSeconds * 1e6 / m[Figure.Operations]);

    private static readonly Metric Iops =
        new("k IOPS", m => m[Figure.Operations] / m.Seconds / 1000, MoreIsBetter: true);

    private static readonly Metric Throughput =
        new("MiB/s", m => m[Figure.Bytes] / m.Seconds / (1024 * 1024), MoreIsBetter: true);

    /// <summary>The contests of 64 KiB in sequence.</summary>
    public static IReadOnlyList<string> Sequential { get; } =
        [.. Ways().Select(way => SequentialName(way.Writes, way.IsDirect))];

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale)
    {
        var work = new Blocks(scale.IsBrief);
        var seconds = scale.IsBrief ? 0.5 : 2;
        return new Group(
            "block",
            "4 KiB at random past the page cache (T5), 64 KiB in sequence (T6), against fio",
            [
                Contest(RandomRead, Iops, work, new BlockJob(true, false, true, 4, RandomInFlight, seconds)),
                .. Ways().Select(way => Contest(
                    SequentialName(way.Writes, way.IsDirect),
                    Throughput,
                    work,
                    new BlockJob(false, way.Writes, way.IsDirect, 64, SequentialInFlight, seconds))),
            ]);
    }

    private static IEnumerable<(bool Writes, bool IsDirect)> Ways() =>
        [(false, false), (false, true), (true, false), (true, true)];

    private static string SequentialName(bool writes, bool isDirect) =>
        $"block-sequential-{(writes ? "write" : "read")}-{(isDirect ? "direct" : "buffered")}";

    private static Contest Contest(string name, Metric metric, Blocks work, BlockJob job)
    {
        var settings = job.Settings(work.FileMebibytes);
        return new Contest(
            name,
            $"{Blocks.Files} files of {work.FileMebibytes} MiB, blocks of {job.BlockKibibytes} KiB, {job.InFlight} " +
            $"in flight, {job.Seconds} s. fio: one job, {string.Join(' ', job.FioOptions)}",
            metric,
            Lineup.Ours(Ring),
            [
                new FioContestant(FioPsync, work, "psync", job),
                new FioContestant("fio libaio", work, "libaio", job),
                new FioContestant(FioRing, work, "io_uring", job),
                Ours(Lineup.Ours(Ring), Ring),
                Ours($"{Lineup.Ours(Ring)}, one shard", Ring, "actors.engine.shards=1"),
                Ours(Lineup.Ours(Lineup.Default), Lineup.Default),
            ])
        {
            Columns = [CpuPerOperation],
        };

        Contestant Ours(string contestant, string backend, params string[] more) =>
            Lineup.Ours(contestant, work, "blocks", BlockJob.Phase, backend, [.. settings, .. more]);
    }
}
