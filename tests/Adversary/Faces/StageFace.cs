using System.Text;
using Actors.Adversary.Playing;
using Actors.Engine;
using Actors.Engine.Streams;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.IO;

namespace Actors.Adversary.Faces;

/// <summary>Stages of Akka.Streams: sinks that write a file anew, sources and lines of it, all of it or the first
/// part.</summary>
internal sealed class StageFace(World world, EngineLife life) : Face(world, life)
{
    private string _path = "";
    private byte[] _content = [];

    protected override string Name => "Akka.Streams";

    protected override async Task RunAsync()
    {
        try
        {
            await RunAsync(Life.System.Materializer());
        }
        catch (InvalidOperationException) when (Life.StopHasBegun)
        {
            // A system that terminates has no materializer, and starts no stream.
        }
    }

    private async Task RunAsync(IMaterializer materializer)
    {
        _path = World.NewPath("sunk");
        for (var left = World.Plan.Steps / 3; left > 0 && !Life.StopHasBegun; left--)
        {
            switch (Dice.Next(4))
            {
                case 0 or 1:
                    await SinkAsync(materializer);
                    break;
                case 2 when _content.Length > 0:
                    await SourceAsync(materializer);
                    break;
                case 3 when _content.Length > 0:
                    await LinesAsync(materializer);
                    break;
                default:
                    break;
            }
        }
    }

    private async Task SinkAsync(IMaterializer materializer)
    {
        _path = World.NewPath("sunk");
        var pieces = Enumerable.Range(0, Dice.Next(1, 40)).Select(_ => Data(Math.Max(21, Dice.Next(9000)))).ToArray();
        byte[] whole = [.. pieces.SelectMany(piece => piece)];
        var outcome = await StageAsync<ReadOnlyMemory<byte>>(
            "FileSink",
            mark => Source.From(pieces.Select(piece => (ReadOnlyMemory<byte>)piece))
                .Via(mark)
                .RunWith(FileSink.ToFile(_path), materializer));
        var done = outcome.Value.WasSuccessful;
        var path = _path;
        if (done && outcome.Value.Count != whole.Length)
        {
            World.Breach($"{path}: {outcome.Value.Count} of {whole.Length} bytes, and a success");
        }

        World.AtEnd(() => CompareSunk(path, whole, done));
        _content = done ? whole : [];
    }

    private static string? CompareSunk(string path, byte[] whole, bool isDone)
    {
        if (!File.Exists(path))
        {
            return isDone ? $"{path} is gone" : null;
        }

        var actual = File.ReadAllBytes(path);
        return whole.AsSpan().StartsWith(actual) && (!isDone || actual.Length == whole.Length)
            ? null
            : $"{path}: {actual.Length} bytes of {whole.Length}, and not the first ones that were offered";
    }

    private async Task SourceAsync(IMaterializer materializer)
    {
        var start = Dice.Next(_content.Length);
        var read = new MemoryStream();
        var options = new FileSourceOptions
        {
            ChunkSize = Dice.Next(1000, 20_000), ReadAhead = Dice.Next(6), StartPosition = start,
        };
        var outcome = await StageAsync<ReadOnlyMemory<byte>>(
            "FileSource",
            mark => FileSource.FromFile(_path, options)
                .ViaMaterialized(mark, Keep.Left)
                .ToMaterialized(
                    Sink.ForEach<ReadOnlyMemory<byte>>(chunk => read.Write(chunk.Span)),
                    (result, end) => AwaitBothAsync(result, end))
                .Run(materializer));
        var bytes = read.ToArray();
        if (!_content.AsSpan(start).StartsWith(bytes)
            || (outcome.Value.WasSuccessful && bytes.Length != _content.Length - start))
        {
            World.Breach($"{_path} from {start}: {bytes.Length} bytes of {_content.Length - start} came");
        }
    }

    private async Task LinesAsync(IMaterializer materializer)
    {
        var text = new StringBuilder();
        var outcome = await StageAsync<string>(
            "LinesSource",
            mark => LinesSource.TextFromFile(_path)
                .ViaMaterialized(mark, Keep.Left)
                .ToMaterialized(
                    Sink.ForEach<string>(line => text.Append(line).Append('\n')),
                    (result, end) => AwaitBothAsync(result, end))
                .Run(materializer));
        var bytes = Encoding.ASCII.GetBytes(text.ToString());
        if (!_content.AsSpan().StartsWith(bytes)
            || (outcome.Value.WasSuccessful && bytes.Length != _content.Length))
        {
            World.Breach($"{_path}: {bytes.Length} bytes of {_content.Length} came as lines");
        }
    }

    /// <summary>The file's result first: the end of a ForEach is never told when the system terminates.</summary>
    private static async Task<IOResult> AwaitBothAsync(Task<IOResult> result, Task end)
    {
        var told = await result;
        await end;
        return told;
    }

    /// <summary>Runs a stream to its end. Only the engine may fail it, or the end of the system.</summary>
    private async Task<Outcome<IOResult>> StageAsync<T>(string name, Func<StartMark<T>, Task<IOResult>> run)
    {
        World.Step();
        var mark = new StartMark<T>();
        Outcome<IOResult> outcome;
        bool stopped;
        using (Life.Calls.Begin($"{Name}.{name}"))
        {
            try
            {
                // Aside: to start its first stream, a system that terminates may keep the caller waiting for an answer.
                var running = Task.Run(() => run(mark));
                await Task.WhenAny(running, Life.System.WhenTerminated);
                if (!mark.IsStarted && !running.IsCompleted)
                {
                    throw new InvalidOperationException("The system has terminated and never started the stream.");
                }

                var result = await running;
                outcome = new Outcome<IOResult>(result, result.WasSuccessful ? null : result.Error);
            }
            catch (Exception e)
            {
                outcome = new Outcome<IOResult>(default, e.InnerException as FileEngineException ?? e);
            }

            stopped = Life.StopHasBegun;
        }

        var ofTheSystem = stopped && outcome.Failure is not (null or FileEngineException);
        Judge(name, ofTheSystem ? new Outcome<IOResult>(outcome.Value, null) : outcome, [], false, stopped);
        return outcome;
    }
}
