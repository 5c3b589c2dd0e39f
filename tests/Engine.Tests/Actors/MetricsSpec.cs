using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>What the engine tells of itself: exact counts, from reset to reset, one answer to each asker.</summary>
public sealed class MetricsSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Counts_what_files_did_on_every_shard(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var client = scenario.Probe("client");
            var files = new List<ClientFile>();
            for (var shard = 0; shard < 2; shard++)
            {
                files.Add(await scenario.OpenAsync(
                    client, $"{shard}.txt", OpenMode.ReadWrite, new OpenOptions { Shard = shard, Coalesce = false }));
            }

            await scenario.CollectAsync(reset: true);
            foreach (var file in files)
            {
                for (var i = 0; i < 10; i++)
                {
                    file.Append("0123456789", i);
                }

                await file.ExpectWrittenAsync(10);
                file.Tell(new Read(0, new byte[64]));
                Assert.Equal(64, (await file.ExpectAsync<DataRead>()).Data.Length);
                file.Tell(new Truncate(-1));
                await file.ExpectFailureAsync(FailureReason.InvalidArgument);
            }

            var metrics = await scenario.CollectAsync();
            Assert.Equal((22, 22, 2), (metrics.Operations, metrics.KernelOperations, metrics.Failures));
            Assert.Equal((200, 128), (metrics.BytesWritten, metrics.BytesRead));
            Assert.Equal((2, 0, 0), (metrics.OpenFiles, metrics.QueuedOpens, metrics.QueuedOpensPeak));
            Assert.Equal(1, metrics.Sampled);
            Assert.Equal((24, 22, 22), (metrics.Total.Count, metrics.Service.Count, metrics.QueueWait.Count));
            Assert.InRange(metrics.Total.P50, 0, metrics.Total.Max);
            Assert.InRange(metrics.Service.Max, 0, metrics.Total.Max);
            Assert.InRange(metrics.QueueWait.Max, 0, metrics.Total.Max);
            Assert.True(metrics.PeakBufferBytes > 0 && metrics.PeakManagedBytes > 0 && metrics.Period > TimeSpan.Zero);
            foreach (var file in files)
            {
                await file.CloseAsync();
            }
        },
        "actors.engine.metrics.sample-every = 1");

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_write_of_nothing_writes_nothing(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            await scenario.CollectAsync(reset: true);
            foreach (var text in new[] { "0123456789", "", "" })
            {
                file.Append(text);
                Assert.Equal(text.Length, Assert.Single(await file.ExpectWrittenAsync(1)).Bytes);
            }

            Assert.Equal(10, (await scenario.CollectAsync()).BytesWritten);
            await file.CloseAsync();
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Bytes_are_counted_however_they_are_read(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            scenario.Given("a.txt", new string('x', 10_000));
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Read);
            await scenario.CollectAsync(reset: true);
            file.Tell(new ReadAll());
            await file.ExpectAsync<WholeFile>();
            Assert.Equal(10_000, (await scenario.CollectAsync(reset: true)).BytesRead);
            file.Tell(new Demand(1));
            (await file.ExpectAsync<Chunk>()).Dispose();
            await file.ExpectAsync<DemandMet>();
            Assert.Equal(10_000, (await scenario.CollectAsync()).BytesRead);
            await file.CloseAsync();
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Syncs_are_counted_whoever_asked_for_them(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var file = await scenario.OpenAsync(
                scenario.Probe("client"), "a.txt", OpenMode.Write, new OpenOptions { Durability = Durability.DataSync });
            await scenario.CollectAsync(reset: true);
            for (var i = 0; i < 2; i++)
            {
                file.Append("x");
                await file.ExpectWrittenAsync(1);
            }

            file.Tell(new Sync());
            await file.ExpectAsync<Synced>();
            Assert.Equal(3, (await scenario.CollectAsync()).Syncs);
            await file.CloseAsync();
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_reset_starts_at_zero_and_nothing_is_lost_or_counted_twice(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            await scenario.CollectAsync(reset: true);
            var counted = 0L;
            for (var round = 1; round <= 20; round++)
            {
                for (var i = 0; i < round; i++)
                {
                    file.Append("x");
                }

                await file.ExpectWrittenAsync(round);
                var kept = await scenario.CollectAsync();
                var reset = await scenario.CollectAsync(reset: true);
                Assert.Equal((round, round), (kept.Operations, reset.Operations));
                counted += reset.BytesWritten;
            }

            Assert.Equal(210, counted);
            Assert.Equal(0, (await scenario.CollectAsync()).Operations);
            await file.CloseAsync();
        },
        "actors.engine.metrics.interval = 10ms");

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Every_asker_gets_one_answer_and_what_happened_before_is_in_it(string backend) =>
        EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
                await scenario.CollectAsync(reset: true);
                var log = new AnswerLog(scenario.System, "asker");
                for (var round = 1; round <= 20; round++)
                {
                    // Askers whose rounds are under way when the write is done.
                    for (var i = 0; i < 4; i++)
                    {
                        scenario.Engine.Metrics.Tell(new CollectMetrics(), log);
                    }

                    file.Append("x");
                    await file.ExpectWrittenAsync(1);
                    Assert.Equal(round, (await scenario.CollectAsync()).Operations);
                }

                Assert.Equal(80, log.Of<EngineMetrics>().Count());
                Assert.Equal(80, log.Answers.Count);
                await file.CloseAsync();
            },
            "actors.engine.metrics.interval = 10ms");

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Askers_of_many_threads_who_reset_share_the_figures(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            await scenario.CollectAsync(reset: true);
            var asking = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                var counted = 0L;
                for (var i = 0; i < 30; i++)
                {
                    counted += (await scenario.CollectAsync(reset: true)).Operations;
                }

                return counted;
            })).ToArray();
            for (var i = 0; i < 200; i++)
            {
                file.Append("x", i);
            }

            await file.ExpectWrittenAsync(200);
            var counted = (await Task.WhenAll(asking)).Sum();
            Assert.Equal(200, counted + (await scenario.CollectAsync(reset: true)).Operations);
            await file.CloseAsync();
        });

    [Fact]
    public async Task The_mailboxs_high_water_and_refusals_show()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var file = await scenario.OpenAsync(
                    scenario.Probe("client"), "a.txt", OpenMode.Write, new OpenOptions { Coalesce = false });
                await scenario.CollectAsync(reset: true);
                driver.Script = _ => Play.Hold;
                for (var i = 0; i < 12; i++)
                {
                    file.Append("x", i);
                }

                for (var i = 10; i < 12; i++)
                {
                    Assert.Equal(i, ((Write)(await file.ExpectFailureAsync(FailureReason.MailboxFull)).Command).Token);
                }

                await scenario.SettleAsync(file);
                driver.ReleaseAll();
                await file.ExpectWrittenAsync(10);
                var metrics = await scenario.CollectAsync(reset: true);
                Assert.Equal((10, 2), (metrics.MailboxHighWater, metrics.MailboxRefused));
                metrics = await scenario.CollectAsync();
                Assert.Equal((0, 0), (metrics.MailboxHighWater, metrics.MailboxRefused));
                await file.CloseAsync();
            },
            "actors.engine.file { queue-messages = 10, credit-messages = 10 }");
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task The_peak_of_the_buffers_is_that_of_its_period(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var size = 8 * scenario.Engine.Settings.Reader.ChunkSize;
            scenario.Given("a.bin", Text.Pattern(size));
            var file = await scenario.OpenAsync(scenario.Probe("consumer"), "a.bin", OpenMode.Read);
            file.Tell(new Demand(8));
            var chunks = new List<Chunk>();
            for (var i = 0; i < 8; i++)
            {
                chunks.Add(await file.ExpectAsync<Chunk>());
            }

            await file.ExpectAsync<DemandMet>();
            var metrics = await scenario.CollectAsync(reset: true);
            Assert.Equal(size, metrics.PeakBufferBytes);
            Assert.True(metrics.PeakBufferBytes <= scenario.Engine.Shards.Sum(shard => shard.Buffers.BytesMax));
            chunks.ForEach(chunk => chunk.Dispose());
            await file.CloseAsync();
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Askers_are_answered_at_the_end(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var log = new AnswerLog(scenario.System, "asker");
        for (var i = 0; i < 50; i++)
        {
            scenario.Engine.Metrics.Tell(new CollectMetrics(), log);
        }

        await scenario.StopAsync();
        scenario.Engine.Metrics.Tell(new CollectMetrics(), log);
        Assert.Equal(51, log.Answers.Count);
    });
}
