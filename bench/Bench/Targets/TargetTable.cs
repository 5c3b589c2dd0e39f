using Actors.Bench.Groups;
using static Actors.Bench.Targets.Measures;
using static Actors.Bench.Targets.Sense;

namespace Actors.Bench.Targets;

/// <summary>All targets. Ratios are of the medians of one interleaved run, ours by the peer's.</summary>
internal static class TargetTable
{
    private const string Ring = "io-uring"; // Where a target names it; the others are the default configuration's.

    /// <summary>In the order of their numbers.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        new("T1", "strict, io-uring : C liburing, a ring per core", StrictGroup.Contest,
            Median(Lineup.Ours(Ring)).By(Median(StrictGroup.UringEach)), AtMost, 1.25, 1.1),
        new("T2", "strict, linux-aio : Node", StrictGroup.Contest,
            Median(Lineup.Ours("linux-aio")).By(Median(StrictGroup.Node)), AtMost, 0.1),
        new("T2", "strict, thread-pool : RandomAccess.WriteAsync", StrictGroup.Contest,
            Median(Lineup.Ours("thread-pool")).By(Median(StrictGroup.RandomAccess)), AtMost, 2.2, 1.4),
        new("T3", "coalescing, auto : Python sync", CoalescedGroup.Contest,
            Median(Lineup.Ours(Lineup.Default)).By(Median(CoalescedGroup.PythonSync)), AtMost, 0.5),
        new("T3", "coalescing, auto : StreamWriter", CoalescedGroup.Contest,
            Median(Lineup.Ours(Lineup.Default)).By(Median(CoalescedGroup.StreamWriter)), AtMost, 1.0, 0.7),
        new("T4", "read by line, auto : better of Python, File.ReadLines", ReadLinesGroup.Contest,
            Median(Lineup.Ours(Lineup.Default)).By(Best(ReadLinesGroup.PythonSync, ReadLinesGroup.FileReadLines)),
            AtMost, 1.0, 0.5),
        new("T5", "4 KiB random direct reads, io-uring : fio io_uring, IOPS", BlockGroup.RandomRead,
            Median(Lineup.Ours(Ring)).By(Median(BlockGroup.FioRing)), AtLeast, 0.95, 1.0),
        new("T5", "the same, processor time for each", BlockGroup.RandomRead,
            Median(Lineup.Ours(Ring), BlockGroup.CpuPerOperation)
                .By(Median(BlockGroup.FioRing, BlockGroup.CpuPerOperation)),
            AtMost, 1.3),
        .. BlockGroup.Sequential.Select(contest => new Target(
            "T6", $"{contest}, auto : better of fio psync, io_uring", contest,
            Median(Lineup.Ours(Lineup.Default)).By(Best(BlockGroup.FioPsync, BlockGroup.FioRing)), AtLeast, 0.95)),
        new("T7", "growth 10,000 : 100 files, io-uring's by C pwrite's", GrowthGroup.Contest,
            Median(GrowthGroup.Ours(GrowthGroup.Many)).By(Median(GrowthGroup.Ours(GrowthGroup.Few)))
                .By(Median(GrowthGroup.Pwrite(GrowthGroup.Many)).By(Median(GrowthGroup.Pwrite(GrowthGroup.Few)))),
            AtMost, 1.3),
        new("T8", "peak RSS, MiB", MemoryGroup.Contest, Median(MemoryGroup.Strict), AtMost, 100, 86),
        new("T8", "buffers writing, MiB", MemoryGroup.Contest,
            Median(MemoryGroup.Strict, MemoryGroup.WriteBuffers), AtMost, 1),
        new("T8", "buffers reading, MiB", MemoryGroup.Contest,
            Median(MemoryGroup.Strict, MemoryGroup.ReadBuffers), AtMost, 8),
        new("T8", "bytes allocated a line, strict", MemoryGroup.Contest,
            Median(MemoryGroup.Strict, MemoryGroup.AllocatedPerLine), AtMost, 96),
        new("T8", "bytes allocated a line, coalescing", MemoryGroup.Contest,
            Median(MemoryGroup.Coalesced, MemoryGroup.AllocatedPerLine), AtMost, 64, 48),
        new("T9", "cold process - warm in process, s", ColdGroup.Contest,
            Median(ColdGroup.Cold).Minus(Median(ColdGroup.Warm)), AtMost, 0.6, 0.35),
        new("T10", "p50, auto, client on the shard : RandomAccess.WriteAsync", LatencyGroup.Contest,
            Median(LatencyGroup.Ours(Lineup.Default, true)).By(Median(LatencyGroup.RandomAccess)), AtMost, 1.0),
        new("T10", "p50, auto, client elsewhere : RandomAccess.WriteAsync", LatencyGroup.Contest,
            Median(LatencyGroup.Ours(Lineup.Default, false)).By(Median(LatencyGroup.RandomAccess)),
            AtMost, 4.5, 3),
        new("T10", "idle cpu, auto : auto without spinning", LatencyGroup.IdleContest,
            Median(LatencyGroup.IdleOurs).By(Median(LatencyGroup.IdleUnspun)), AtMost, 1.1),
        new("T11", "one shard : two, strict, io-uring", ShardsGroup.StrictRing,
            Median(ShardsGroup.One).By(Median(ShardsGroup.Two)), AtLeast, 1.5, 1.8),
        new("T11", "one shard : two, strict, auto", ShardsGroup.StrictDefault,
            Median(ShardsGroup.One).By(Median(ShardsGroup.Two)), AtLeast, 1.5, 1.8),
        new("T11", "one shard : two, coalescing, auto", ShardsGroup.Coalesced,
            Median(ShardsGroup.One).By(Median(ShardsGroup.Two)), AtLeast, 1.5, 1.8),
        new("C1", "face, buffered, auto : StreamWriter loop", FaceGroup.Buffered,
            Median(Lineup.Ours(Lineup.Default)).By(Median(FaceGroup.StreamWriter)), AtMost, 1.0),
        new("C2", "face, acknowledged, auto : RandomAccess.WriteAsync", FaceGroup.Acknowledged,
            Median(Lineup.Ours(Lineup.Default)).By(Median(FaceGroup.RandomAccess)), AtMost, 2.2),
        new("C2", "the same, io-uring", FaceGroup.Acknowledged,
            Median(Lineup.Ours(Ring)).By(Median(FaceGroup.RandomAccess)), AtMost, 3.5),
        new("C3", "face, one write in flight, auto, p50 : RandomAccess.WriteAsync", FaceGroup.Latency,
            Median(Lineup.Ours(Lineup.Default)).By(Median(FaceGroup.RandomAccess)), AtMost, 2.0),
        new("C4", "face, lines as UTF-8 memory, auto : File.ReadLines", FaceGroup.Lines,
            Median(Lineup.Ours(Lineup.Default)).By(Median(FaceGroup.FileReadLines)), AtMost, 0.5),
        new("C5", "FileSource : FileIO", StreamsGroup.Read,
            Median(StreamsGroup.Source).By(Median(StreamsGroup.FileIO)), AtMost, 0.75),
        new("C6", "FileSink : FileIO", StreamsGroup.Write,
            Median(StreamsGroup.Sink).By(Median(StreamsGroup.FileIO)), AtMost, 0.95),
        new("C7", "a tree of 10,000 files copied : cp -r", FaceGroup.TreeCopy,
            Median(FaceGroup.CopyTree).By(Median(FaceGroup.Cp)), AtMost, 1.5),
    ];
}
