using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Peers;
using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>The article's work: every line a kernel write of its own.</summary>
internal static class StrictGroup
{
    public const string Contest = "strict";
    public const string Pwrite = "C pwrite";
    public const string Uring = "C liburing, one ring";
    public const string UringEach = "C liburing, a ring per core";
    public const string RandomAccess = ".NET RandomAccess.WriteAsync";
    public const string FileStream = ".NET FileStream, unbuffered";
    public const string Node = "Node fs.promises";
    public const string Cold = "ours io-uring, cold: the whole process";
    public const string Aiofiles = "Python aiofiles";

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale)
    {
        var work = new WriteLines(scale.Files, scale.Lines);
        var (files, lines) = work;
        var contest = new Contest(
            Contest,
            $"{files} files x {lines} lines, all files at the same time, one kernel write for each line",
            Metric.Seconds,
            Lineup.Ours("io-uring"),
            [
                Lineup.InC(Pwrite, work, "pwrite_lines", files, lines),
                Lineup.InCWithUring(Uring, work, "uring_lines", files, lines, 1),
                Lineup.InCWithUring(UringEach, work, "uring_lines", files, lines, Environment.ProcessorCount),
                Lineup.InDotNet(RandomAccess, work, () =>
                    PeerRunner.AllAtOnce(files, path => AsyncWriters.RandomAccessAsync(path, lines))),
                Lineup.InDotNet(FileStream, work, () =>
                    PeerRunner.AllAtOnce(files, path => AsyncWriters.FileStreamAsync(path, lines, bufferSize: 0))),
                Lineup.InNode(Node, work, "write", files, lines),
                Lineup.InPythonWithAiofiles(Aiofiles, work, "write-aiofiles", files, lines),
                new HostContestant(Cold, work, Seed.Strict, "io-uring", Seed.WritingAlone(files, lines)),
                .. Lineup.OursOnEach(work, Seed.Strict, "write", Seed.Settings(files, lines)),
            ]);
        return new Group("strict", "seed write, coalescing off (T1, T2)", [contest]);
    }
}
