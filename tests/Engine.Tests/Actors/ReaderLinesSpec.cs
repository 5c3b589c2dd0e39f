using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Reading by lines: each line whole and once, wherever the chunks happen to end.</summary>
public sealed class ReaderLinesSpec
{
    private const string SmallChunks =
        "actors.engine.reader { chunk-size = 4KiB, line-size-max = 64KiB }";

    public static TheoryData<string, string[]> Texts => new()
    {
        { "", [] },
        { "\n", [""] },
        { "one", ["one"] },
        { "one\n", ["one"] },
        { "one\ntwo\n", ["one", "two"] },
        { "one\r\ntwo\r\n", ["one", "two"] },
        { "one\ntwo", ["one", "two"] },
        { "\n\none\n\n", ["", "", "one", ""] },
        { "\r\n\r\n", ["", ""] },
        { "a\rb\n\rc\n", ["a\rb", "\rc"] },
        { "one\r", ["one\r"] },
        { "one\n\r", ["one", "\r"] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public Task Lines_end_at_line_feeds(string text, string[] expected) => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            scenario.Given("a.txt", text);
            Assert.Equal(expected, await ReadLinesAsync(scenario, "a.txt", 1));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Lines_that_cross_chunks_come_whole(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var lines = Enumerable.Range(0, 3000).Select(i => new string((char)('a' + (i % 26)), i % 97)).ToArray();
            scenario.Given("lf.txt", string.Concat(lines.Select(line => line + "\n")));
            scenario.Given("crlf.txt", string.Join("\r\n", lines) + "\r\nlast");
            Assert.Equal(lines, await ReadLinesAsync(scenario, "lf.txt", 2));
            Assert.Equal([.. lines, "last"], await ReadLinesAsync(scenario, "crlf.txt", 5));
        },
        SmallChunks);

    [Theory]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(20_000)]
    public Task Lines_of_a_chunk_and_more_come_whole(int length) => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            var lines = new[] { "before", new string('x', length), "after", new string('y', length - 1), "" };
            scenario.Given("a.txt", string.Join('\n', lines) + "\n");
            Assert.Equal(lines, await ReadLinesAsync(scenario, "a.txt", 1));
        },
        SmallChunks);

    [Theory]
    [InlineData("\nafter\n")]
    [InlineData("\n")]
    [InlineData("")]
    public Task Every_line_of_a_batch_is_held_to_the_limit(string end) => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            const int Limit = 64 << 10;
            var before = $"short\n{new string('x', Limit)}\n\n";
            scenario.Given("a.txt", $"{before}{new string('y', Limit + 1)}{end}");
            var file = await scenario.OpenAsync(
                scenario.Probe("consumer"), "a.txt", OpenMode.Read, new OpenOptions { ChunkSize = 1 << 20 });
            var demand = new Demand(10, DemandUnit.Lines);
            file.Tell(demand);
            using (var batch = await file.ExpectAsync<LineBatch>())
            {
                Assert.Equal(before, Text.Of(batch.Memory));
            }

            for (var i = 0; i < 3; i++)
            {
                var failed = await file.ExpectFailureAsync(FailureReason.LineTooLong, demand);
                Assert.Contains("line 3 ", failed.Cause, StringComparison.Ordinal);
                file.Tell(demand);
            }

            await file.ExpectFailureAsync(FailureReason.LineTooLong, demand);
            await file.CloseAsync();
        },
        "actors.engine.reader.line-size-max = 64KiB");

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_line_longer_than_the_limit_is_refused(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            scenario.Given("a.txt", "short\n" + new string('x', 300_000) + "\nafter\n");
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.txt", OpenMode.Read);
            var demand = new Demand(10, DemandUnit.Lines);
            file.Tell(demand);
            using (var batch = await file.ExpectAsync<LineBatch>())
            {
                Assert.Equal("short\n", Text.Of(batch.Memory));
            }

            var failed = await file.ExpectFailureAsync(FailureReason.LineTooLong, demand);
            Assert.Contains("line 1 ", failed.Cause, StringComparison.Ordinal);
            Assert.Contains("line-size-max", failed.Cause, StringComparison.Ordinal);

            // It does not get shorter, and asking again and again neither hangs nor grows.
            for (var i = 0; i < 10; i++)
            {
                file.Tell(demand);
                await file.ExpectFailureAsync(FailureReason.LineTooLong, demand);
            }

            await file.CloseAsync();
        },
        SmallChunks);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(60_000)]
    public Task The_limit_is_the_same_wherever_the_line_begins(int before) => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            const int Limit = 64 << 10;
            var first = new string('b', before);
            var longest = new string('x', Limit);
            scenario.Given("fits.txt", $"{first}\n{longest}\n{longest}");
            Assert.Equal([first, longest, longest], await ReadLinesAsync(scenario, "fits.txt", 1));
            foreach (var end in new[] { "\nafter", "" })
            {
                scenario.Given("too-long.txt", $"{first}\n{longest}y{end}");
                var file = await scenario.OpenAsync(scenario.Probe($"to{end.Length}"), "too-long.txt", OpenMode.Read);
                var demand = new Demand(100, DemandUnit.Lines);
                file.Tell(demand);
                using (var batch = await file.ExpectAsync<LineBatch>())
                {
                    Assert.Equal($"{first}\n", Text.Of(batch.Memory));
                }

                await file.ExpectFailureAsync(FailureReason.LineTooLong, demand);
                await file.CloseAsync();
            }
        },
        SmallChunks);

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_line_longer_than_the_buffers_hold_is_refused_and_not_waited_for(string backend) =>
        EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                scenario.Given("a.txt", new string('x', 200_000) + "\n");
                var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.txt", OpenMode.Read);
                var demand = new Demand(10, DemandUnit.Lines);
                file.Tell(demand);
                await file.ExpectFailureAsync(FailureReason.LineTooLong, demand);
                await file.CloseAsync();
            },
            """
            actors.engine { shards = 1, buffers.size-max = 96KiB, reader.chunk-size = 4KiB, writer.buffer-size = 4KiB }
            """);

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Batches_number_their_lines(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            scenario.Given("a.txt", string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i}\n")));
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.txt", OpenMode.Read);
            file.Tell(new Demand(100, DemandUnit.Lines, 9));
            var number = 0L;
            var batches = 0;
            object answer;
            while ((answer = await file.ExpectAsync<object>()) is LineBatch batch)
            {
                using (batch)
                {
                    batches++;
                    Assert.Equal(number, batch.FirstLine);
                    var counted = batch.CountLines();
                    foreach (var line in batch)
                    {
                        Assert.Equal($"{number++}", Text.Of(line));
                    }

                    Assert.Equal(counted, number - batch.FirstLine);
                }
            }

            Assert.Equal(new DemandMet(9, batches, true), answer);
            Assert.Equal(5000, number);
            await file.CloseAsync();
        },
        SmallChunks);

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Lines_added_after_the_end_are_read_by_the_next_demand(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var path = scenario.Given("log.txt", "one\n");
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "log.txt", OpenMode.Read);
            Assert.Equal(["one"], await ReadToEndAsync(file, 1));
            await File.AppendAllTextAsync(path, "two\nthree\n");
            Assert.Equal(["two", "three"], await ReadToEndAsync(file, 1));
            await file.CloseAsync();
        });

    [Fact]
    public Task A_batch_is_given_back_once_however_often_it_is_disposed() =>
        EngineScenario.RunAsync("sync", async scenario =>
        {
            scenario.Given("a.txt", "one\n");
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.txt", OpenMode.Read);
            file.Tell(new Demand(1, DemandUnit.Lines));
            var batch = await file.ExpectAsync<LineBatch>();
            batch.Dispose();
            batch.Dispose();
            Assert.Equal(0, scenario.Engine.Shards[file.Opened.Shard].Buffers.Leased);
            Assert.Throws<ObjectDisposedException>(() => batch.Memory);
            await file.ExpectAsync<DemandMet>();
            await file.CloseAsync();
        });

    private static async Task<IReadOnlyList<string>> ReadLinesAsync(EngineScenario scenario, string name, int demand)
    {
        var file = await scenario.OpenAsync(scenario.Probe($"consumer-{name}"), name, OpenMode.Read);
        var lines = await ReadToEndAsync(file, demand);
        await file.CloseAsync();
        return lines;
    }

    private static async Task<IReadOnlyList<string>> ReadToEndAsync(ClientFile file, int demand)
    {
        var lines = new List<string>();
        for (var end = false; !end;)
        {
            file.Tell(new Demand(demand, DemandUnit.Lines));
            var batches = 0;
            object answer;
            while ((answer = await file.ExpectAsync<object>()) is LineBatch batch)
            {
                batches++;
                foreach (var line in batch)
                {
                    lines.Add(Text.Of(line));
                }

                batch.Dispose();
            }

            var met = Assert.IsType<DemandMet>(answer);
            Assert.Equal(batches, met.Count);
            Assert.InRange(batches, met.EndOfFile ? 0 : demand, demand);
            end = met.EndOfFile;
        }

        return lines;
    }
}
