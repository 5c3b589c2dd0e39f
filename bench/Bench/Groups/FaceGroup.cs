using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Ours;
using Actors.Bench.Peers;
using Actors.Bench.Tools;
using Actors.Bench.Work;
using Actors.Engine;

namespace Actors.Bench.Groups;

/// <summary>The async face, for programs without actors, beside what .NET has.</summary>
internal static class FaceGroup
{
    public const string Buffered = "face-buffered";
    public const string Acknowledged = "face-acknowledged";
    public const string Latency = "face-latency";
    public const string Lines = "face-lines";
    public const string TreeCopy = "face-tree-copy";
    public const string CopyTree = "ours CopyTreeAsync";
    public const string Cp = "cp -r";
    public const string FileReadLines = ".NET File.ReadLines";
    public const string StreamWriter = ".NET StreamWriter";
    public const string RandomAccess = ".NET RandomAccess.WriteAsync";

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale) => new(
        "face", "the async face: lines written and read, one write at a time, a tree copied (C1 to C4, C7)",
        [
            BufferedContest(scale), AcknowledgedContest(scale), LatencyContest(scale), LinesContest(scale),
            TreeContest(scale),
        ]);

    private static Contest BufferedContest(Scale scale)
    {
        var work = new WriteLines(scale.Files, scale.Lines);
        return new Contest(
            Buffered,
            $"{work.Files} files x {work.Lines} lines from {work.Files} tasks, each line an awaited WriteAsync of a "
            + "buffered writer; the StreamWriter loop takes file by file",
            Metric.Seconds,
            Lineup.Ours(Lineup.Default),
            [
                Lineup.InDotNet(StreamWriter, work, () =>
                    PeerRunner.OneByOne(work.Files, path => StreamWriterLoop.Write(path, work.Lines))),
                Lineup.InDotNet(".NET StreamWriter, a task per file", work, () =>
                    PeerRunner.AllAtOnce(
                        work.Files, path => Task.FromResult(StreamWriterLoop.Write(path, work.Lines)))),
                .. OnEach(work, FaceWork.WriteBufferedAsync),
            ])
        {
            Columns = [MemoryGroup.AllocatedPerLine],
        };
    }

    private static Contest AcknowledgedContest(Scale scale)
    {
        var work = new WriteLines(scale.Files, scale.Lines);
        return new Contest(
            Acknowledged,
            $"{work.Files} files x {work.Lines} lines from {work.Files} tasks, each line a kernel write that is "
            + "awaited before the next",
            Metric.Seconds,
            Lineup.Ours(Lineup.Default),
            [
                Lineup.InDotNet(RandomAccess, work, () => PeerRunner.AllAtOnce(
                    work.Files, path => AsyncWriters.RandomAccessAsync(path, work.Lines))),
                .. OnEach(work, FaceWork.AppendAsync),
            ])
        {
            Columns = [MemoryGroup.AllocatedPerLine],
        };
    }

    private static Contest LatencyContest(Scale scale)
    {
        var work = new WriteLines(1, scale.IsBrief ? 2_000 : 50_000);
        return new Contest(
            Latency,
            $"{work.Lines} lines to one file from a pool thread, each awaited before the next",
            Metric.Reported("p50 us", Figure.P50Micros),
            Lineup.Ours(Lineup.Default),
            [
                Lineup.InDotNet(RandomAccess, work, () => new AwaitedWrites(work.Lines)),
                .. BackendProbe.Names.Prepend(Lineup.Default).Select(backend => Lineup.InProcess(
                    Lineup.Ours(backend), work, () => new AwaitedAppends(backend, work.Lines))),
            ])
        {
            Columns = [Metric.Reported("p99 us", Figure.P99Micros)],
        };
    }

    private static Contest LinesContest(Scale scale)
    {
        var work = new ReadLines(scale.Files, scale.Lines);
        return new Contest(
            Lines,
            $"{work.Files} files x {work.Lines} lines, warm, from {work.Files} tasks, as UTF-8 memory; every line and "
            + "byte counted; File.ReadLines takes file by file",
            Metric.Seconds,
            Lineup.Ours(Lineup.Default),
            [
                Lineup.InDotNet(FileReadLines, work, () => PeerRunner.OneByOne(work.Files, LineReaders.ReadLines)),
                Lineup.InDotNet(".NET StreamReader, async", work, () =>
                    PeerRunner.AllAtOnce(work.Files, LineReaders.StreamReaderAsync)),
                .. BackendProbe.Names.Prepend(Lineup.Default).Select(backend => Lineup.InProcess(
                    Lineup.Ours(backend), work, () => new FaceRunner(backend, engine =>
                        PeerRunner.AllAtOnce(work.Files, path => FaceWork.ReadLinesAsync(engine, path))))),
                Lineup.InProcess("ours auto, as strings", work, () => new FaceRunner(Lineup.Default, engine =>
                    PeerRunner.AllAtOnce(work.Files, path => FaceWork.ReadTextLinesAsync(engine, path)))),
            ])
        {
            Columns = [MemoryGroup.AllocatedPerLine],
        };
    }

    private static Contest TreeContest(Scale scale)
    {
        var work = new Tree(100, scale.IsBrief ? 10 : 100);
        return new Contest(
            TreeCopy,
            $"{work.Files} files of {Tree.FileBytes / 1024} KiB in {work.Directories} directories, from the page cache to "
            + "a new tree",
            Metric.Seconds,
            CopyTree,
            [
                new CommandContestant(
                    Cp, work,
                    tools => Task.FromResult<string[]>(
                        [tools.Find("python3", "python3"), Toolbox.PeerSource("python/copy_tree.py")])),
                Lineup.InProcess(CopyTree, work, () => new Ours.TreeCopy()),
            ]);
    }

    private static IEnumerable<WarmContestant> OnEach(
        WriteLines work, Func<FileEngine, string, int, Task<LineCount>> one) =>
        BackendProbe.Names.Prepend(Lineup.Default).Select(backend => Lineup.InProcess(
            Lineup.Ours(backend), work, () => new FaceRunner(backend, engine =>
                PeerRunner.AllAtOnce(work.Files, path => one(engine, path, work.Lines)))));
}
