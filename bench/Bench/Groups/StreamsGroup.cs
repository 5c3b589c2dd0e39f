using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Ours;
using Actors.Bench.Peers;
using Actors.Bench.Work;
using Actors.Engine;

namespace Actors.Bench.Groups;

/// <summary>Akka.Streams over one large file, beside its own FileIO. All under .NET's defaults, which is what an
/// application that has streams runs under; with the console's smaller gen-0 budget, chunks of 64 KiB being arrays,
/// FileSource measured 0.95 of FileIO's time in place of 0.85.</summary>
internal static class StreamsGroup
{
    public const string Read = "streams-read";
    public const string Write = "streams-write";
    public const string FileIO = "Akka.Streams FileIO";
    public const string Source = "ours FileSource";
    public const string Sink = "ours FileSink";

    /// <summary>The group at a scale.</summary>
    public static Group Create(Scale scale)
    {
        var size = scale.IsBrief ? 64 : 1024;
        return new Group("streams", "a large file through Akka.Streams (C5, C6)", [Reading(size), Writing(size)]);
    }

    private static Contest Reading(int size)
    {
        var work = new LargeFile(size, Writes: false);
        return new Contest(
            Read,
            $"{size} MiB in chunks of {LargeFile.ChunkBytes / 1024} KiB, from the page cache, every byte counted",
            Metric.Seconds,
            Source,
            [
                Lineup.InDotNet(FileIO, work, () => new StreamRunner(FileIOStreams.ReadAsync)),
                Lineup.InDotNet(Source, work, () => new StreamRunner(EngineStreams.ReadAsync)),
                Lineup.InDotNet(
                    "ours ByteStringFileIO", work, () => new StreamRunner(EngineStreams.ReadByteStringsAsync)),
            ]);
    }

    private static Contest Writing(int size)
    {
        var work = new LargeFile(size, Writes: true);
        return new Contest(
            Write,
            $"{size} MiB in elements of {LargeFile.ChunkBytes / 1024} KiB to a new file, synced at the end, as " +
            "FileIO does",
            Metric.Seconds,
            Sink,
            [
                Lineup.InDotNet(FileIO, work, () => new StreamRunner(
                    (materializer, path) => FileIOStreams.WriteAsync(materializer, path, work.Chunks))),
                Ours(Sink, Durability.Sync),
                Ours("ours FileSink, not synced", Durability.None),
                Lineup.InDotNet("ours ByteStringFileIO", work, () => new StreamRunner(
                    (materializer, path) => EngineStreams.WriteByteStringsAsync(materializer, path, work.Chunks))),
            ]);

        Contestant Ours(string name, Durability onFinish) => Lineup.InDotNet(name, work, () => new StreamRunner(
            (materializer, path) => EngineStreams.WriteAsync(materializer, path, work.Chunks, onFinish)));
    }
}
