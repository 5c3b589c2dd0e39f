using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Sequential reading in chunks: exactly what was demanded, in order, to the end and beyond it.</summary>
public sealed class ReaderDemandSpec
{
    private static readonly OpenOptions SmallChunks = new() { ChunkSize = 4096 };

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Chunks_come_in_order_as_many_as_were_demanded(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var content = Text.Pattern((5 * 4096) + 100);
            scenario.Given("a.bin", content);
            var consumer = scenario.Probe("consumer");
            var file = await scenario.OpenAsync(consumer, "a.bin", OpenMode.Read, SmallChunks);
            var read = new List<byte>();
            foreach (var (count, expected, end) in new[] { (1, 1, false), (3, 3, false), (7, 2, true) })
            {
                file.Tell(new Demand(count, DemandUnit.Chunks, count));
                for (var i = 0; i < expected; i++)
                {
                    using var chunk = await file.ExpectAsync<Chunk>();
                    Assert.Equal(read.Count, chunk.Offset);
                    read.AddRange(chunk.Memory.Span);
                }

                Assert.Equal(new DemandMet(count, expected, end), await file.ExpectAsync<DemandMet>());
            }

            Assert.Equal(content, read);
            await file.CloseAsync();
        });

    [Fact]
    public async Task Nothing_is_read_that_was_not_demanded()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Given("a.bin", Text.Pattern(10 * 4096));
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.bin", OpenMode.Read, SmallChunks);
            await scenario.SettleAsync(file);
            Assert.DoesNotContain(IoKind.Read, driver.Submitted);
            file.Tell(new Demand(2));
            (await file.ExpectAsync<Chunk>()).Dispose();
            (await file.ExpectAsync<Chunk>()).Dispose();
            await file.ExpectAsync<DemandMet>();
            await scenario.SettleAsync(file);
            Assert.Equal(2, driver.Submitted.Count(kind => kind == IoKind.Read));
            await file.CloseAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Several_demands_are_met_one_after_the_other(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            scenario.Given("a.bin", Text.Pattern(3 * 4096));
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.bin", OpenMode.Read, SmallChunks);
            file.Tell(new Demand(1, DemandUnit.Chunks, 1));
            file.Tell(new Demand(1, DemandUnit.Chunks, 2));
            file.Tell(new Demand(5, DemandUnit.Chunks, 3));
            for (var token = 1; token <= 3; token++)
            {
                using var chunk = await file.ExpectAsync<Chunk>();
                Assert.Equal((token - 1) * 4096, chunk.Offset);
                Assert.Equal(new DemandMet(token, 1, token == 3), await file.ExpectAsync<DemandMet>());
            }

            await file.CloseAsync();
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_file_that_ends_with_a_chunk_says_so_at_the_next_demand(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            scenario.Given("a.bin", Text.Pattern(4096));
            scenario.Given("empty.bin");
            var client = scenario.Probe("consumer");
            var file = await scenario.OpenAsync(client, "a.bin", OpenMode.Read, SmallChunks);
            file.Tell(new Demand(1));
            (await file.ExpectAsync<Chunk>()).Dispose();
            Assert.Equal(new DemandMet(0, 1, false), await file.ExpectAsync<DemandMet>());
            file.Tell(new Demand(1));
            Assert.Equal(new DemandMet(0, 0, true), await file.ExpectAsync<DemandMet>());
            await file.CloseAsync();

            file = await scenario.OpenAsync(client, "empty.bin", OpenMode.Read, SmallChunks);
            file.Tell(new Demand(10));
            Assert.Equal(new DemandMet(0, 0, true), await file.ExpectAsync<DemandMet>());
            await file.CloseAsync();
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task What_is_added_after_the_end_is_read_by_the_next_demand(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var path = scenario.Given("log.txt", "first;");
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "log.txt", OpenMode.Read, SmallChunks);
            foreach (var (added, offset) in new[] { ("first;", 0), ("second;", 6), ("third;", 13) })
            {
                if (offset > 0)
                {
                    await File.AppendAllTextAsync(path, added);
                }

                file.Tell(new Demand(3));
                using (var chunk = await file.ExpectAsync<Chunk>())
                {
                    Assert.Equal((offset, added), (chunk.Offset, Text.Of(chunk.Memory)));
                }

                Assert.Equal(new DemandMet(0, 1, true), await file.ExpectAsync<DemandMet>());
            }

            await file.CloseAsync();
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_demand_of_nothing_is_refused(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        scenario.Given("a.bin", Text.Pattern(100));
        var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.bin", OpenMode.Read);
        var demand = new Demand(0);
        file.Tell(demand);
        await file.ExpectFailureAsync(FailureReason.InvalidArgument, demand);
        await file.CloseAsync();
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_chunk_is_given_back_once_however_often_it_is_disposed(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            scenario.Given("a.bin", Text.Pattern(100));
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.bin", OpenMode.Read);
            file.Tell(new Demand(1));
            var chunk = await file.ExpectAsync<Chunk>();
            var shard = scenario.Engine.Shards[file.Opened.Shard];
            Assert.Equal(1, shard.Buffers.Leased);
            chunk.Dispose();
            chunk.Dispose();
            Assert.Equal(0, shard.Buffers.Leased);
            Assert.Throws<ObjectDisposedException>(() => chunk.Memory);
            await file.ExpectAsync<DemandMet>();
            await file.CloseAsync();
        });

    [Fact]
    public async Task A_read_that_fails_fails_its_demand_and_the_next_one_goes_on_from_there()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var content = Text.Pattern(2 * 4096);
            scenario.Given("a.bin", content);
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.bin", OpenMode.Read, SmallChunks);
            driver.Result = operation => operation.Kind == IoKind.Read && operation.Offset > 0 ? -Errno.EIO : null;
            var demand = new Demand(2);
            file.Tell(demand);
            (await file.ExpectAsync<Chunk>()).Dispose();
            Assert.Equal(0, (await file.ExpectFailureAsync(FailureReason.IoError, demand)).BytesDone);
            Assert.Equal(0, scenario.Engine.Shards[0].Buffers.Leased);

            driver.Result = _ => null;
            file.Tell(new Demand(1));
            using (var chunk = await file.ExpectAsync<Chunk>())
            {
                Assert.Equal(4096, chunk.Offset);
                Assert.Equal(content[4096..], chunk.Memory.ToArray());
            }

            Assert.Equal(new DemandMet(0, 1, false), await file.ExpectAsync<DemandMet>());
            await file.CloseAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_client_that_keeps_its_chunks_holds_back_the_reader(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            scenario.Given("a.bin", Text.Pattern(40 * 8192));
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.bin", OpenMode.Read);
            var shard = scenario.Engine.Shards[0];
            var places = (int)(shard.Buffers.BytesMax / 8192);
            file.Tell(new Demand(40));
            var kept = new Queue<Chunk>();
            for (var i = 0; i < places; i++)
            {
                kept.Enqueue(await file.ExpectAsync<Chunk>());
            }

            await scenario.SettleAsync(file);
            await file.Client.ExpectNoMsgAsync(TimeSpan.Zero);
            Assert.Equal(places, shard.Buffers.Leased);
            for (var i = places; i < 40; i++)
            {
                kept.Dequeue().Dispose();
                kept.Enqueue(await file.ExpectAsync<Chunk>());
                Assert.True(shard.Buffers.Bytes <= shard.Buffers.BytesMax);
            }

            await file.ExpectAsync<DemandMet>();
            foreach (var chunk in kept)
            {
                chunk.Dispose();
            }

            await file.CloseAsync();
        },
        "actors.engine { shards = 1, buffers.size-max = 32KiB, reader.chunk-size = 8KiB, writer.buffer-size = 4KiB, "
        + "reader.line-size-max = 16KiB }");

    /// <summary>Also where they use up the pool, and only the answer to the write gives one of them back.</summary>
    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Parts_of_chunks_are_written_before_the_chunks_are_given_back(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var content = Text.Pattern(20_000);
            scenario.Given("a.bin", content);
            var reader = await scenario.OpenAsync(scenario.Probe("reader"), "a.bin", OpenMode.Read);
            var writer = await scenario.OpenAsync(scenario.Probe("writer"), "b.bin", OpenMode.Write);
            using var hoard = await BufferHoard.TakeAsync(scenario, 0, left: 1);
            reader.Tell(new Demand(3));
            for (var i = 0; i < 3; i++)
            {
                var chunk = await reader.ExpectAsync<Chunk>();
                for (var at = 0; at < chunk.Memory.Length; at += 1000)
                {
                    writer.Tell(new Write(chunk.Memory[at..Math.Min(at + 1000, chunk.Memory.Length)]));
                    await writer.ExpectWrittenAsync(1);
                }

                chunk.Dispose();
            }

            await reader.ExpectAsync<DemandMet>();
            Assert.Equal(content, await File.ReadAllBytesAsync(writer.Opened.Path));
            await reader.CloseAsync();
            await writer.CloseAsync();
        },
        "actors.engine { shards = 1, reader.chunk-size = 8KiB }");

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Many_readers_and_writers_share_the_smallest_pool(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var content = string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i}\n"));
            scenario.Given("lines.txt", content);
            var readers = Enumerable.Range(0, 12).Select(i => ReadLinesAsync(scenario, i, content));
            var writers = Enumerable.Range(0, 4).Select(i => WriteBlocksAsync(scenario, i));
            await Task.WhenAll(readers.Concat(writers));
            var buffers = scenario.Engine.Shards[0].Buffers;
            Assert.True(buffers.BytesPeak <= buffers.BytesMax);
        },
        "actors.engine { shards = 1, buffers.size-max = 24KiB, reader.chunk-size = 8KiB, writer.buffer-size = 4KiB, "
        + "reader.line-size-max = 8KiB, writer.coalesce = off }");

    private static async Task ReadLinesAsync(EngineScenario scenario, int number, string expected)
    {
        var file = await scenario.OpenAsync(scenario.Probe($"reader-{number}"), "lines.txt", OpenMode.Read);
        var read = new List<byte>();
        for (var end = false; !end;)
        {
            file.Tell(new Demand(3, DemandUnit.Lines));
            object answer;
            while ((answer = await file.ExpectAsync<object>()) is LineBatch batch)
            {
                read.AddRange(batch.Memory.Span);
                batch.Dispose();
            }

            end = Assert.IsType<DemandMet>(answer).EndOfFile;
        }

        Assert.Equal(expected, Text.Of(read.ToArray()));
        await file.CloseAsync();
    }

    private static async Task WriteBlocksAsync(EngineScenario scenario, int number)
    {
        var name = $"blocks-{number}.bin";
        var content = Text.Pattern(50 * 1000, number);
        var file = await scenario.OpenAsync(scenario.Probe($"writer-{number}"), name, OpenMode.Write);
        for (var i = 0; i < 50; i++)
        {
            file.Tell(new Write(content.AsMemory(i * 1000, 1000), i * 1000, i));
        }

        file.Tell(new Sync());
        await file.ExpectWrittenAsync(50);
        await file.ExpectAsync<Synced>();
        await file.CloseAsync();
        Assert.Equal(content, await File.ReadAllBytesAsync(scenario.PathOf(name)));
    }
}
