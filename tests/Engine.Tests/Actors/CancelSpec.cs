using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Taking commands back: while they wait, in the kernel, when there is nothing to take.</summary>
public sealed class CancelSpec
{
    [Fact]
    public async Task A_waiting_write_is_taken_back_and_does_nothing()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await OpenBusyAsync(scenario, driver);
            var waiting = new Write(Text.Bytes("waiting"), Write.Append, 2);
            file.Tell(waiting);
            file.Append("kept", 3);
            file.Tell(new Cancel(2));
            await file.ExpectFailureAsync(FailureReason.Cancelled, waiting);
            Assert.Equal(new Cancelled(2, CancelOutcome.TakenBack), await file.ExpectAsync<Cancelled>());

            driver.ReleaseAll();
            await file.ExpectWrittenAsync(2);
            await file.CloseAsync();
            Assert.Equal("firstkept", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public async Task A_write_in_the_kernel_is_cancelled_where_the_driver_can()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await OpenBusyAsync(scenario, driver);
            file.Tell(new Cancel(1));
            Assert.Equal(new Cancelled(1, CancelOutcome.InFlight), await file.ExpectAsync<Cancelled>());
            var failed = await file.ExpectFailureAsync(FailureReason.Cancelled);
            Assert.Equal(0, failed.BytesDone);

            driver.ReleaseAll();
            file.Append("next");
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("next", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public async Task A_write_in_the_kernel_that_cannot_be_cancelled_answers_for_itself()
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await OpenBusyAsync(scenario, driver);
            file.Tell(new Cancel(1));
            Assert.Equal(new Cancelled(1, CancelOutcome.InFlight), await file.ExpectAsync<Cancelled>());

            driver.ReleaseAll();
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("first", scenario.ContentOf("a.txt"));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_token_that_nobody_waits_for_is_not_found(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
            file.Append("done", 1);
            await file.ExpectWrittenAsync(1);
            file.Tell(new Cancel(1));
            Assert.Equal(new Cancelled(1, CancelOutcome.NotFound), await file.ExpectAsync<Cancelled>());
            await file.CloseAsync();
        });

    [Fact]
    public async Task Taking_back_one_of_several_with_the_same_token_takes_the_oldest()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await OpenBusyAsync(scenario, driver);
            var older = new Write(Text.Bytes("older"), Write.Append, 5);
            file.Tell(older);
            file.Append("younger", 5);
            file.Tell(new Cancel(5));
            await file.ExpectFailureAsync(FailureReason.Cancelled, older);
            await file.ExpectAsync<Cancelled>();

            driver.ReleaseAll();
            await file.ExpectWrittenAsync(2);
            await file.CloseAsync();
            Assert.Equal("firstyounger", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public async Task Commands_gathered_with_the_cancelled_one_are_performed()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await OpenBusyAsync(scenario, driver, coalesce: true);
            file.Append("two", 2);
            file.Append("three", 3);
            await scenario.SettleAsync(file);
            driver.ReleaseOldest();
            await file.ExpectWrittenAsync(1);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the gathered write in the kernel");
            file.Tell(new Cancel(2));
            Assert.Equal(new Cancelled(2, CancelOutcome.InFlight), await file.ExpectAsync<Cancelled>());

            driver.ReleaseAll();
            await file.ExpectWrittenAsync(2);
            await file.CloseAsync();
            Assert.Equal("firsttwothree", scenario.ContentOf("a.txt"));
        });
    }

    /// <summary>
    /// The cancelled write completes while its cancel is on the way to the backend, and its operation is used again for
    /// the next write: that one is not to be hit.
    /// </summary>
    [Fact]
    public async Task A_cancel_that_comes_too_late_does_not_hit_the_next_command()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await OpenBusyAsync(scenario, driver);

            // In one turn of the shard's thread: the file actor finds the cancel, the next write and the completion.
            await scenario.OnShardAsync(0, _ =>
            {
                file.Tell(new Cancel(1));
                file.Append("second", 2);
                driver.ReleaseOldest();
                return true;
            });
            driver.ReleaseAll();

            await file.ExpectAsync<Cancelled>();
            await file.ExpectWrittenAsync(2);
            await file.CloseAsync();
            Assert.Equal("firstsecond", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public async Task A_cancelled_demand_leaves_the_next_one_whole()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Given("a.bin", Text.Pattern(6 * 4096));
            var consumer = scenario.Probe("consumer");
            var file = await scenario.OpenAsync(
                consumer, "a.bin", OpenMode.Read, new OpenOptions { ChunkSize = 4096 });
            driver.Script = _ => Play.Hold;
            var cancelled = new Demand(4, DemandUnit.Chunks, 1);
            file.Tell(cancelled);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "a read in the kernel");
            driver.ReleaseOldest();
            (await file.ExpectAsync<Chunk>()).Dispose();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the next read in the kernel");
            file.Tell(new Cancel(1));
            await file.ExpectFailureAsync(FailureReason.Cancelled, cancelled);
            Assert.Equal(CancelOutcome.TakenBack, (await file.ExpectAsync<Cancelled>()).Outcome);

            // What was read for the cancelled demand holds no buffer while nobody asks for it.
            driver.ReleaseAll();
            await scenario.UntilAsync(() => scenario.Engine.Shards[0].Buffers.Leased == 0, "the buffer back");
            file.Tell(new Demand(2, DemandUnit.Chunks, 2));
            var second = await file.ExpectAsync<Chunk>();
            Assert.Equal(4096, second.Offset);
            Assert.Equal(Text.Pattern(6 * 4096)[4096..8192], second.Memory.ToArray());
            var third = await file.ExpectAsync<Chunk>();
            Assert.Equal(8192, third.Offset);
            Assert.Equal(new DemandMet(2, 2, false), await file.ExpectAsync<DemandMet>());
            second.Dispose();
            third.Dispose();
            await file.CloseAsync();
        });
    }

    /// <summary>A file with one write, token 1, in the kernel.</summary>
    [Fact]
    public async Task A_cancelled_sync_has_not_failed()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            file.Append("data", 1);
            await file.ExpectWrittenAsync(1);
            driver.Script = _ => Play.Hold;
            var sync = new Sync(SyncScope.All, 2);
            file.Tell(sync);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the sync in the driver");
            file.Tell(new Cancel(2));
            Assert.Equal(new Cancelled(2, CancelOutcome.InFlight), await file.ExpectAsync<Cancelled>());
            await file.ExpectFailureAsync(FailureReason.Cancelled, sync);

            // Nothing was tried, so nothing is lost: the next one makes it durable.
            driver.ReleaseAll();
            file.Tell(new Sync(SyncScope.All, 3));
            Assert.Equal(new Synced(3, 4), await file.ExpectAsync<Synced>());
            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task A_durable_write_whose_sync_is_cancelled_is_in_the_file_and_poisons_nothing()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(
                scenario.Probe("client"), "a.txt", OpenMode.Write, new OpenOptions { Durability = Durability.Sync });
            driver.Script = operation => operation.Kind == IoKind.Sync ? Play.Hold : Play.Perform;
            file.Append("data", 1);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the sync in the driver");
            file.Tell(new Cancel(1));
            Assert.Equal(new Cancelled(1, CancelOutcome.InFlight), await file.ExpectAsync<Cancelled>());
            Assert.Equal(4, (await file.ExpectFailureAsync(FailureReason.Cancelled)).BytesDone);
            driver.ReleaseAll();
            file.Append("more", 2);
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("datamore", scenario.ContentOf("a.txt"));
        });
    }

    /// <summary>Whenever a durable write is cancelled, only its own outcome may change: the sync is for others
    /// too.</summary>
    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public Task A_cancel_never_takes_back_the_sync_of_others(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var file = await scenario.OpenAsync(
                scenario.Probe("client"), "a.txt", OpenMode.ReadWrite,
                new OpenOptions { Durability = Durability.DataSync, Acknowledge = AcknowledgeMode.Each });
            for (var round = 0; round < 300; round++)
            {
                file.Tell(new Write(Text.Bytes("A"), 3 * round, 1));
                file.Tell(new Write(Text.Bytes("B"), (3 * round) + 1, 2));
                file.Tell(new Write(Text.Bytes("C"), (3 * round) + 2, 3));
                Thread.SpinWait(round * 20);
                file.Tell(new Cancel(2));
                for (var answers = 0; answers < 4; answers++)
                {
                    var answer = await file.ExpectAsync<object>();
                    Assert.False(answer is CommandFailed { Command: not Write { Token: 2 } }, $"{answer}");
                }
            }

            await file.CloseAsync();
        });

    private static async Task<ClientFile> OpenBusyAsync(
        EngineScenario scenario, ScriptedDriver driver, bool coalesce = false)
    {
        var client = scenario.Probe("client");
        var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write, new OpenOptions { Coalesce = coalesce });
        driver.Script = _ => Play.Hold;
        file.Append("first", 1);
        await scenario.UntilAsync(() => driver.HeldCount == 1, "the first write in the kernel");
        return file;
    }
}
