using System.Text;
using Actors.Engine.Streams;
using Actors.Engine.Tests.Scenario;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Actors.Engine.Tests.Streams;

public sealed class LinesSourceSpec
{
    public static TheoryData<string, string[]> Contents => new()
    {
        { "", [] },
        { "\n", [""] },
        { "a", ["a"] },
        { "a\nb", ["a", "b"] },
        { "a\nb\n", ["a", "b"] },
        { "a\r\nb\r\n\r\nc", ["a", "b", "", "c"] },
        { "\uFEFFa\n\uFEFFb\n", ["a", "\uFEFFb"] },
        { "\uFEFF", [] },
        { "\n\n\n", ["", "", ""] },
        { "ünïcödé \u20AC\nlonger than a chunk, by far\n", ["ünïcödé \u20AC", "longer than a chunk, by far"] },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public Task Lines_are_the_same_whatever_the_chunks(string content, string[] expected) =>
        EngineScenario.RunAsync("sync", async s =>
        {
            var path = s.Given("in", Encoding.UTF8.GetBytes(content));
            foreach (var chunkSize in (int[])[1, 2, 3, 5, 7, 64, 65536])
            {
                var options = new FileSourceOptions { ChunkSize = chunkSize };
                var text = await LinesSource.TextFromFile(path, options)
                    .RunWith(Sink.Seq<string>(), s.System.Materializer()).WaitAsync(EngineScenario.Patience);
                Assert.Equal(expected, text);
                var (result, lines) = LinesSource.FromFile(path, options)
                    .ToMaterialized(Sink.Seq<ReadOnlyMemory<byte>>(), Keep.Both).Run(s.System.Materializer());
                Assert.Equal(expected, (await lines).Select(line => Encoding.UTF8.GetString(line.Span)));
                Assert.Equal(Encoding.UTF8.GetByteCount(content), (await result).Count);
            }
        });

    [Fact]
    public Task Many_lines_are_the_receivers_to_keep() => EngineScenario.RunAsync("sync", async s =>
    {
        var expected = Enumerable.Range(0, 50_000).Select(line => $"This is line {line} of the file").ToArray();
        var path = s.Given("in", string.Join('\n', expected));
        var lines = await LinesSource.FromFile(path)
            .RunWith(Sink.Seq<ReadOnlyMemory<byte>>(), s.System.Materializer()).WaitAsync(EngineScenario.Patience);
        Assert.Equal(expected, lines.Select(line => Text.Of(line)));
    });

    [Fact]
    public Task A_line_that_is_too_long_fails_the_stream_and_closes_the_file() =>
        EngineScenario.RunAsync("sync", async s =>
        {
            var path = s.Given("in", "short\n" + new string('x', 200) + "\n" + new string('y', 100_000));
            foreach (var chunkSize in (int[])[16, 65536])
            {
                var options = new FileSourceOptions { ChunkSize = chunkSize };
                var lines = LinesSource.FromFile(path, options, lineSizeMax: 100)
                    .RunWith(Sink.Seq<ReadOnlyMemory<byte>>(), s.System.Materializer());
                var failure = await Assert.ThrowsAsync<FileEngineException>(
                    () => lines.WaitAsync(EngineScenario.Patience));
                Assert.Equal(FailureReason.LineTooLong, failure.Reason);
            }
        });

    [Fact]
    public Task Whoever_takes_enough_leaves_nothing_open() => EngineScenario.RunAsync("sync", async s =>
    {
        var path = s.Given("in", string.Concat(Enumerable.Range(0, 100_000).Select(line => $"{line}\n")));
        var (result, lines) = LinesSource.TextFromFile(path).Take(3)
            .ToMaterialized(Sink.Seq<string>(), Keep.Both).Run(s.System.Materializer());
        Assert.Equal(["0", "1", "2"], await lines);
        Assert.True((await result.WaitAsync(EngineScenario.Patience)).WasSuccessful);
    });
}
