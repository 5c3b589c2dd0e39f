using Actors.Bench.Contests;
using Actors.Bench.Peers;
using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>The same lines, gathered on their way to the kernel.</summary>
internal static class CoalescedGroup
{
    public const string Contest = "coalesced";
    public const string PythonSync = "Python sync";
    public const string StreamWriter = ".NET StreamWriter";

    private const int FileStreamBuffer = 4096;

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale)
    {
        var work = new WriteLines(scale.Files, scale.Lines);
        var (files, lines) = work;
        var contest = new Contest(
            Contest,
            $"{files} files x {lines} lines, gathered by whatever the contestant has for it; ours sends a message " +
            "and gets a credit back for each line",
            Metric.Seconds,
            Lineup.Ours(Lineup.Default),
            [
                Lineup.InC("C, 8 KiB writes", work, "buffered_lines", files, lines),
                Lineup.InPython(PythonSync, work, "write-sync", files, lines),
                Lineup.InPython("Python sync-thread", work, "write-sync-thread", files, lines),
                Lineup.InDotNet(StreamWriter, work, () =>
                    PeerRunner.OneByOne(files, path => StreamWriterLoop.Write(path, lines))),
                Lineup.InDotNet(".NET FileStream, buffered", work, () =>
                    PeerRunner.AllAtOnce(files, path => AsyncWriters.FileStreamAsync(path, lines, FileStreamBuffer))),
                Lineup.InDotNet("Akka.Streams FileIO", work, () => AkkaStreamsRunner.Writing(files, lines)),
                .. Lineup.OursOnEach(work, Seed.Coalesced, "write", Seed.Settings(files, lines)),
            ]);
        return new Group(Contest, "seed write, coalescing on (T3)", [contest]);
    }
}
