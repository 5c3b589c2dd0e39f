using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Appends and positional writes: what reaches the file, in which order, by how many kernel writes.</summary>
public sealed class WriterSpec
{
    private const int BufferSize = 8 << 10;

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Appends_land_in_order(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var producer = scenario.Probe("producer");
        var file = await scenario.OpenAsync(producer, "lines.txt", OpenMode.Write);
        Assert.Equal(backend, file.Opened.Backend);
        for (var line = 0; line < 200; line++)
        {
            file.Append($"line {line}\n", line);
        }

        var answers = await file.ExpectWrittenAsync(200);
        Assert.Equal(199, answers[^1].LastToken);
        var closed = await file.CloseAsync();

        var expected = string.Concat(Enumerable.Range(0, 200).Select(line => $"line {line}\n"));
        Assert.Equal(expected, scenario.ContentOf("lines.txt"));
        Assert.Equal(expected.Length, closed.Length);
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Without_coalescing_each_command_is_one_kernel_write(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var metrics = await WriteAndCollectAsync(scenario, new OpenOptions { Coalesce = false }, 100);

            Assert.Equal(100, metrics.Operations);
            Assert.Equal(100, metrics.KernelOperations);
            Assert.Equal(700, metrics.BytesWritten);
        });

    [Fact]
    public async Task With_coalescing_what_queues_up_is_one_kernel_write()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var producer = scenario.Probe("producer");
            var file = await scenario.OpenAsync(
                producer, "a.txt", OpenMode.Write, new OpenOptions { Coalesce = true });
            await scenario.CollectAsync(reset: true);
            driver.Script = _ => Play.Hold;
            file.Append("first\n", 0);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the first write in the kernel");
            for (var i = 1; i <= 100; i++)
            {
                file.Append($"line {i}\n", i);
            }

            await scenario.SettleAsync(file);
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(101);
            var metrics = await scenario.CollectAsync();

            Assert.Equal(101, metrics.Operations);
            Assert.Equal(2, metrics.KernelOperations);
            await file.CloseAsync();
            Assert.Equal(
                "first\n" + string.Concat(Enumerable.Range(1, 100).Select(i => $"line {i}\n")),
                scenario.ContentOf("a.txt"));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task What_waits_in_the_mailbox_goes_into_the_first_write_already(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            scenario.Faults.Expect(message => message is Written);
            var file = await scenario.OpenAsync(
                scenario.Probe("client"), "a.txt", OpenMode.Write, new OpenOptions { Shard = 0, Coalesce = true });
            var (first, second) = (new AnswerLog(scenario.System, "first"), new AnswerLog(scenario.System, "second"));
            await scenario.CollectAsync(reset: true);
            await scenario.OnShardAsync(0, _ =>
            {
                for (var i = 0; i < 100; i++)
                {
                    file.Ref.Tell(new Write(Text.Bytes($"line {i}\n"), Write.Append, i), i < 60 ? first : second);
                }

                file.Ref.Tell(new Write(Text.Bytes("nobody's\n")), ActorRefs.NoSender);
                return true;
            });
            await scenario.UntilAsync(() => first.Answered + second.Answered == 100, "all answers");
            var metrics = await scenario.CollectAsync();

            Assert.Equal((101, 1), (metrics.Operations, metrics.KernelOperations));
            Assert.Equal((60, 59L), (first.Answered, first.Of<Written>().Last().LastToken));
            Assert.Equal((40, 99L), (second.Answered, second.Of<Written>().Last().LastToken));
            await file.CloseAsync();
            Assert.Equal(
                string.Concat(Enumerable.Range(0, 100).Select(i => $"line {i}\n")) + "nobody's\n",
                scenario.ContentOf("a.txt"));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Only_what_follows_directly_is_taken_along_from_the_mailbox(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var file = await scenario.OpenAsync(
                scenario.Probe("client"), "a.txt", OpenMode.Write, new OpenOptions { Shard = 0, Coalesce = true });
            var log = new AnswerLog(scenario.System, "client");
            await scenario.CollectAsync(reset: true);
            await scenario.OnShardAsync(0, _ =>
            {
                file.Ref.Tell(new Write(Text.Bytes("ab"), 0, 1), log);
                file.Ref.Tell(new Write(Text.Bytes("cd"), 2, 2), log);
                file.Ref.Tell(new Write(Text.Bytes("ij"), 8, 3), log);
                file.Ref.Tell(new Sync(SyncScope.Data, 4), log);
                file.Ref.Tell(new Write(Text.Bytes("efgh"), 4, 5), log);
                file.Ref.Tell(new Close(), log);
                file.Ref.Tell(new Write(Text.Bytes("late"), 8, 6), log);
                return true;
            });
            await scenario.UntilAsync(() => log.Of<Closed>().Any(), "the file closed");

            Assert.Equal([1L, 2, 3, 5], log.Of<Written>().Select(w => w.LastToken).Order());
            Assert.Equal(4, log.Of<Synced>().Single().Token);
            Assert.Equal(FailureReason.Closing, log.Of<CommandFailed>().Single().Reason);
            Assert.Equal("abcdefghij", scenario.ContentOf("a.txt"));
            Assert.Equal(3, (await scenario.CollectAsync()).KernelOperations);
        });

    [Fact]
    public async Task A_gathered_write_stays_within_the_buffer()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var producer = scenario.Probe("producer");
            var file = await scenario.OpenAsync(
                producer, "a.bin", OpenMode.Write, new OpenOptions { Coalesce = true });
            await scenario.CollectAsync(reset: true);
            driver.Script = _ => Play.Hold;
            var blocks = Enumerable.Range(0, 9).Select(i => Text.Pattern(3000, i)).ToArray();
            foreach (var block in blocks)
            {
                file.Tell(new Write(block));
            }

            await scenario.UntilAsync(() => driver.HeldCount == 1, "the first write in the kernel");
            await scenario.SettleAsync(file);
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(9);
            await file.CloseAsync();

            // Two to a buffer of 8 KiB, and one alone.
            Assert.Equal(5, driver.Submitted.Count(kind => kind == IoKind.Write));
            Assert.Equal(blocks.SelectMany(b => b).ToArray(), File.ReadAllBytes(scenario.PathOf("a.bin")));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Several_clients_append_to_one_file(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var owner = scenario.Probe("owner");
        var file = await scenario.OpenAsync(owner, "shared.txt", OpenMode.Write);
        var producers = Enumerable.Range(0, 4).Select(i => file with { Client = scenario.Probe($"producer-{i}") })
            .ToArray();
        for (var line = 0; line < 20; line++)
        {
            for (var p = 0; p < producers.Length; p++)
            {
                producers[p].Append($"{p}:{line};", line);
            }
        }

        foreach (var producer in producers)
        {
            var answers = await producer.ExpectWrittenAsync(20);
            Assert.Equal(19, answers[^1].LastToken);
        }

        await file.CloseAsync();
        var written = scenario.ContentOf("shared.txt").Split(';', StringSplitOptions.RemoveEmptyEntries);
        for (var p = 0; p < producers.Length; p++)
        {
            var own = written.Where(entry => entry.StartsWith($"{p}:", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, 20).Select(line => $"{p}:{line}"), own);
        }
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Positional_writes_of_any_order_fill_the_file(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var content = Text.Pattern(64 * 1000);
            var producer = scenario.Probe("producer");
            var file = await scenario.OpenAsync(producer, "blocks.bin", OpenMode.Write);
            foreach (var block in Enumerable.Range(0, 64).Reverse())
            {
                file.Tell(new Write(content.AsMemory(block * 1000, 1000), block * 1000, block));
            }

            var answers = await file.ExpectWrittenAsync(64);
            Assert.All(answers, written => Assert.Equal((1, 1000L), (written.Count, written.Bytes)));
            Assert.Equal(Enumerable.Range(0, 64).Select(i => (long)i), answers.Select(w => w.LastToken).Order());
            await file.CloseAsync();
            Assert.Equal(content, File.ReadAllBytes(scenario.PathOf("blocks.bin")));
        });

    [Fact]
    public async Task Positional_writes_are_in_the_kernel_together_up_to_the_files_limit()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var producer = scenario.Probe("producer");
            var file = await scenario.OpenAsync(
                producer, "blocks.bin", OpenMode.Write, new OpenOptions { InFlight = 3 });
            driver.Script = _ => Play.Hold;
            for (var i = 0; i < 8; i++)
            {
                // Apart from each other, so that they cannot be gathered.
                file.WriteAt(i * 100, $"block {i}", i);
            }

            await scenario.UntilAsync(() => driver.HeldCount == 3, "three writes in the kernel");
            await scenario.SettleAsync(file);
            Assert.Equal(3, driver.HeldCount);
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(8);
            await file.CloseAsync();
            Assert.Equal("block 7", scenario.ContentOf("blocks.bin")[^7..]);
        });
    }

    [Fact]
    public async Task A_writer_that_has_written_everything_holds_no_buffer()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("producer"), "a.txt", OpenMode.Write);
            driver.Script = _ => Play.Hold;
            file.WriteAt(0, "x");
            file.WriteAt(100, "y");
            file.Tell(new Sync());
            await scenario.UntilAsync(() => driver.HeldCount == 2, "both writes in the kernel");
            await scenario.SettleAsync(file);
            Assert.Equal(2, scenario.Engine.Shards[0].Buffers.Leased);

            // Both come back in one turn, while a command waits that needs no buffer.
            await scenario.OnShardAsync(0, _ =>
            {
                driver.ReleaseAll();
                return true;
            });
            await file.ExpectWrittenAsync(2);
            await file.ExpectAsync<Synced>();
            await scenario.SettleAsync(file);
            Assert.Equal(0, scenario.Engine.Shards[0].Buffers.Leased);
            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task Appends_are_in_the_kernel_one_at_a_time()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var producer = scenario.Probe("producer");
            var file = await scenario.OpenAsync(
                producer, "a.txt", OpenMode.Write, new OpenOptions { Coalesce = false });
            driver.Script = _ => Play.Hold;
            file.Append("1");
            file.Append("2");
            file.Append("3");
            for (var released = 0; released < 3; released++)
            {
                await scenario.UntilAsync(() => driver.HeldCount == 1, "one write in the kernel");
                await scenario.SettleAsync(file);
                Assert.Equal(1, driver.HeldCount);
                driver.ReleaseOldest();
            }

            await file.ExpectWrittenAsync(3);
            driver.ReleaseAll();
            await file.CloseAsync();
            Assert.Equal("123", scenario.ContentOf("a.txt"));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Large_writes_stay_where_they_are(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var large = Text.Pattern(10 * BufferSize + 1);
        var producer = scenario.Probe("producer");
        var file = await scenario.OpenAsync(producer, "large.bin", OpenMode.Write);
        file.Append("small before;", 1);
        file.Tell(new Write(large, Write.Append, 2));
        file.Append("small after", 3);
        var answers = await file.ExpectWrittenAsync(3);

        Assert.Equal(13 + large.Length + 11, answers.Sum(written => written.Bytes));
        await file.CloseAsync();
        Assert.Equal(
            [.. Text.Bytes("small before;"), .. large, .. Text.Bytes("small after")],
            File.ReadAllBytes(scenario.PathOf("large.bin")));
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_write_of_nothing_is_answered_in_its_turn(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var producer = scenario.Probe("producer");
            var file = await scenario.OpenAsync(
                producer, "a.txt", OpenMode.Write, new OpenOptions { Acknowledge = AcknowledgeMode.Each });
            file.Append("one", 1);
            file.Append("", 2);
            file.Append("two", 3);
            file.WriteAt(2, "", 4);

            var answers = await file.ExpectWrittenAsync(4);
            Assert.Equal([1, 2, 3], answers.Select(written => written.LastToken).Where(token => token < 4));
            Assert.Equal(6, answers.Sum(written => written.Bytes));
            await file.CloseAsync();
            Assert.Equal("onetwo", scenario.ContentOf("a.txt"));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Durable_writes_count_as_one_operation_each(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var options = new OpenOptions { Coalesce = false, Durability = Durability.DataSync };
            var metrics = await WriteAndCollectAsync(scenario, options, 5);

            Assert.Equal(5, metrics.Operations);
            Assert.Equal(5, metrics.KernelOperations);
        });

    [Fact]
    public async Task A_durable_write_is_answered_only_after_its_sync()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var producer = scenario.Probe("producer");
            var file = await scenario.OpenAsync(
                producer, "a.txt", OpenMode.Write, new OpenOptions { Durability = Durability.Sync });
            driver.Script = operation => operation.Kind == IoKind.Sync ? Play.Hold : Play.Perform;
            file.Append("durable");
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the sync in the kernel");
            await producer.ExpectNoMsgAsync(TimeSpan.Zero);
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Appending_continues_at_the_end_of_what_is_there(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            scenario.Given("log.txt", "old;");
            var producer = scenario.Probe("producer");
            var file = await scenario.OpenAsync(producer, "log.txt", OpenMode.Append);
            Assert.Equal(4, file.Opened.Length);
            file.Append("new");
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("old;new", scenario.ContentOf("log.txt"));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task What_was_written_can_be_read_in_a_file_open_for_both(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            scenario.Given("both.txt", "0123456789");
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "both.txt", OpenMode.ReadWrite);
            file.WriteAt(2, "AB");
            file.Append("XY");
            await file.ExpectWrittenAsync(2);
            file.Tell(new Read(0, new byte[100], 7));
            var read = await file.ExpectAsync<DataRead>();

            Assert.Equal((7L, 0L, "01AB456789XY"), (read.Token, read.Offset, Text.Of(read.Data)));
            await file.CloseAsync();
        });

    private static async Task<EngineMetrics> WriteAndCollectAsync(
        EngineScenario scenario, OpenOptions options, int count)
    {
        var producer = scenario.Probe("producer");
        var file = await scenario.OpenAsync(producer, "counted.txt", OpenMode.Write, options);
        await scenario.CollectAsync(reset: true);
        for (var i = 0; i < count; i++)
        {
            file.Append("7 bytes", i);
        }

        await file.ExpectWrittenAsync(count);
        var metrics = await scenario.CollectAsync();
        await file.CloseAsync();
        return metrics;
    }
}
