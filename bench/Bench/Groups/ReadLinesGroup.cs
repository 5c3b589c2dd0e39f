using Actors.Bench.Contests;
using Actors.Bench.Peers;
using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>Reading back, line by line, from the page cache.</summary>
internal static class ReadLinesGroup
{
    public const string Contest = "read-lines";
    public const string PythonSync = "Python sync";
    public const string FileReadLines = ".NET File.ReadLines";

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale)
    {
        var work = new ReadLines(scale.Files, scale.Lines);
        var (files, lines) = work;
        var contest = new Contest(
            Contest,
            $"{files} files x {lines} lines, warm, every line and byte counted",
            Metric.Seconds,
            Lineup.Ours(Lineup.Default),
            [
                Lineup.InC("C getline", work, "getline_lines", files),
                Lineup.InPython(PythonSync, work, "read-sync", files, lines),
                Lineup.InPython("Python sync-thread", work, "read-sync-thread", files, lines),
                Lineup.InDotNet(FileReadLines, work, () => PeerRunner.OneByOne(files, LineReaders.ReadLines)),
                Lineup.InDotNet(".NET StreamReader, async", work, () =>
                    PeerRunner.AllAtOnce(files, LineReaders.StreamReaderAsync)),
                Lineup.InDotNet("Akka.Streams FileIO", work, () => AkkaStreamsRunner.Reading(files)),
                Lineup.InNode("Node readline", work, "read", files, lines),
                .. Lineup.OursOnEach(work, Seed.Strict, "read", Seed.Settings(files, lines)),
            ]);
        return new Group(Contest, "seed read by line (T4)", [contest]);
    }
}
