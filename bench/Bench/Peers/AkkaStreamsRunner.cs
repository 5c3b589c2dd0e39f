using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Akka.Actor;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace Actors.Bench.Peers;

/// <summary>Akka.Streams FileIO, a stream for each file, all at the same time. Its actor system lives as long as this.
/// </summary>
internal sealed class AkkaStreamsRunner : IWarmRunner
{
    private static readonly ByteString LineFeed = ByteString.FromString("\n");

    private readonly ActorSystem _system = ActorSystem.Create("peer", QuietAkka.Config);
    private readonly PeerRunner _peer;

    private AkkaStreamsRunner(int files, Func<IMaterializer, string, Task<LineCount>> one)
    {
        var materializer = _system.Materializer();
        _peer = PeerRunner.AllAtOnce(files, path => one(materializer, path));
    }

    /// <summary>A source of lines into FileIO.ToFile.</summary>
    public static AkkaStreamsRunner Writing(int files, int lines) => new(files, async (materializer, path) =>
    {
        var result = await Source.From(Enumerable.Range(0, lines))
            .Select(line => ByteString.FromString($"This is line {line} of the file\n"))
            .RunWith(FileIO.ToFile(new FileInfo(path)), materializer);
        return new LineCount(lines, result.Count);
    });

    /// <summary>FileIO.FromFile, framed by line feeds.</summary>
    public static AkkaStreamsRunner Reading(int files) => new(files, (materializer, path) =>
        FileIO.FromFile(new FileInfo(path))
            .Via(Framing.Delimiter(LineFeed, 1024, allowTruncation: true))
            .RunAggregate(default(LineCount), (sum, line) => sum + new LineCount(1, line.Count + 1), materializer));

    public Task<Measurement> RunAsync(string directory) => _peer.RunAsync(directory);

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        await _system.Terminate();
    }
}
