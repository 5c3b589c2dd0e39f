using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Akka.TestKit;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Draining: what was sent is finished, file by file, up to a deadline; nothing is opened any more.</summary>
public sealed class DrainSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Finishes_what_was_sent_closes_and_reports_per_file(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var client = scenario.Probe("client");
            var files = new List<ClientFile>();
            for (var i = 0; i < 3; i++)
            {
                var file = await scenario.OpenAsync(client, $"{i}.txt", OpenMode.Write);
                files.Add(file with { Client = scenario.Probe($"producer-{i}") });
            }

            foreach (var file in files)
            {
                for (var i = 0; i < 50; i++)
                {
                    file.Append("0123456789", i);
                }
            }

            // Each file has taken its writes; a drain from another sender might overtake them otherwise.
            await Task.WhenAll(files.Select(scenario.SettleAsync));
            var drainer = scenario.Probe("drainer");
            scenario.Engine.Coordinator.Tell(new Drain(EngineScenario.Patience), drainer);
            var drained = await drainer.ExpectMsgAsync<Drained>();

            Assert.Equal(
                Enumerable.Range(0, 3).Select(i => new DrainedFile(scenario.PathOf($"{i}.txt"), 50, 0, true)),
                drained.Files);
            foreach (var file in files)
            {
                await file.ExpectWrittenAsync(50);
            }

            Assert.All(drained.Files, file => Assert.Equal(500, new FileInfo(file.Path).Length));
            var refused = await scenario.FailToOpenAsync(client, "late.txt", OpenMode.Write);
            Assert.Equal(FailureReason.Closing, refused.Reason);
            scenario.Engine.Coordinator.Tell(new Drain(TimeSpan.FromSeconds(1)), drainer);
            Assert.Equal(FailureReason.Closing, (await drainer.ExpectMsgAsync<CommandFailed>()).Reason);
        });

    /// <summary>A client that lives on the file's shard sends its writes and then the drain, which takes another way to
    /// the file.</summary>
    [Fact]
    public Task A_drain_never_overtakes_what_was_sent_before_it() =>
        EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
        {
            var probe = scenario.Probe("drainer");
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            var neighbour = scenario.System.ActorOf(
                Props.Create(() => new WritesThenDrains(file.Ref, scenario.Engine.Coordinator, probe.Ref))
                    .WithDispatcher(file.Opened.DispatcherId));
            neighbour.Tell("go");
            var drained = await probe.ExpectMsgAsync<Drained>();
            Assert.Equal(
                new DrainedFile(scenario.PathOf("a.txt"), 200, 0, true), Assert.Single(drained.Files));
            Assert.Equal(200, new FileInfo(scenario.PathOf("a.txt")).Length);
        });

    [Fact]
    public Task A_deadline_may_be_as_long_as_a_time_can_be() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
        for (var i = 0; i < 100; i++)
        {
            file.Append("x", i);
        }

        var drainer = scenario.Probe("drainer");
        await scenario.SettleAsync(file);
        scenario.Engine.Coordinator.Tell(new Drain(TimeSpan.MaxValue), drainer);
        var drained = await drainer.ExpectMsgAsync<Drained>();
        Assert.True(Assert.Single(drained.Files).Finished);
    });

    [Fact]
    public Task With_nothing_open_there_is_nothing_to_report() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var drainer = scenario.Probe("drainer");
        scenario.Engine.Coordinator.Tell(new Drain(TimeSpan.FromSeconds(-1)), drainer);
        Assert.Equal(FailureReason.InvalidArgument, (await drainer.ExpectMsgAsync<CommandFailed>()).Reason);
        scenario.Engine.Coordinator.Tell(new Drain(TimeSpan.FromSeconds(1)), drainer);
        Assert.Empty((await drainer.ExpectMsgAsync<Drained>()).Files);
    });

    [Fact]
    public Task Opens_that_wait_are_refused() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            var client = scenario.Probe("client");
            await scenario.OpenAsync(client, "1.txt", OpenMode.Write);
            var waiting = scenario.Probe("waiting");
            scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf("2.txt"), OpenMode.Write), waiting);
            var drainer = scenario.Probe("drainer");
            scenario.Engine.Coordinator.Tell(new Drain(EngineScenario.Patience), drainer);
            Assert.Equal(FailureReason.Closing, (await waiting.ExpectMsgAsync<CommandFailed>()).Reason);
            Assert.Single((await drainer.ExpectMsgAsync<Drained>()).Files);
        },
        "actors.engine.coordinator.open-files-max = 1");

    /// <summary>As when an application drains by itself while its actor system begins to end.</summary>
    [Fact]
    public async Task Drains_at_once_are_one_and_all_have_its_report()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
            file.Append("x");
            await scenario.UntilAsync(() => driver.HeldCount == 1);
            TestProbe[] drainers = [scenario.Probe("application"), scenario.Probe("shutdown")];
            foreach (var drainer in drainers)
            {
                scenario.Engine.Coordinator.Tell(new Drain(EngineScenario.Patience), drainer);
            }

            await scenario.CollectAsync();
            Assert.All(drainers, drainer => Assert.False(drainer.HasMessages));
            driver.ReleaseAll();
            foreach (var drainer in drainers)
            {
                Assert.Equal(
                    [new DrainedFile(file.Opened.Path, 1, 0, true)], (await drainer.ExpectMsgAsync<Drained>()).Files);
            }

            await file.ExpectWrittenAsync(1);
        });
    }

    [Theory]
    [InlineData(30_000, 50)]
    [InlineData(50, 30_000)]
    public async Task Of_several_drains_the_earliest_deadline_counts(int first, int second)
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
            file.Append("x");
            await scenario.UntilAsync(() => driver.HeldCount == 1);
            TestProbe[] drainers = [scenario.Probe("first"), scenario.Probe("second")];
            scenario.Engine.Coordinator.Tell(new Drain(TimeSpan.FromMilliseconds(first)), drainers[0]);
            scenario.Engine.Coordinator.Tell(new Drain(TimeSpan.FromMilliseconds(second)), drainers[1]);
            foreach (var drainer in drainers)
            {
                Assert.Equal(
                    [new DrainedFile(file.Opened.Path, 0, 1, false)],
                    (await drainer.ExpectMsgAsync<Drained>(TimeSpan.FromSeconds(20))).Files);
            }

            driver.ReleaseAll();
        });
    }

    [Fact]
    public async Task What_is_not_finished_at_the_deadline_is_aborted_and_reported()
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(
                client, "slow.txt", OpenMode.Write, new OpenOptions { Coalesce = false });
            var quick = await scenario.OpenAsync(client, "quick.txt", OpenMode.Write);
            file.Append("done", 0);
            await file.ExpectWrittenAsync(1);
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
            for (var i = 1; i <= 3; i++)
            {
                file.Append("stuck", i);
            }

            await scenario.UntilAsync(() => driver.HeldCount == 1, "a write that the kernel does not finish");
            await scenario.SettleAsync(file);
            var drainer = scenario.Probe("drainer");
            scenario.Engine.Coordinator.Tell(new Drain(TimeSpan.FromMilliseconds(50)), drainer);
            for (var i = 1; i <= 3; i++)
            {
                await file.ExpectFailureAsync(FailureReason.Closing);
            }

            var drained = await drainer.ExpectMsgAsync<Drained>();
            Assert.Equal(
                [
                    new DrainedFile(scenario.PathOf("slow.txt"), 1, 3, false),
                    new DrainedFile(quick.Opened.Path, 0, 0, true),
                ],
                drained.Files);
            driver.ReleaseAll();
        });
    }

    [Fact]
    public async Task A_file_with_a_full_queue_is_drained_like_the_others()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
                driver.Script = _ => Play.Hold;
                for (var i = 0; i < 4; i++)
                {
                    file.Append("x", i);
                }

                await scenario.UntilAsync(() => driver.HeldCount == 1, "the first write in the kernel");
                await scenario.SettleAsync(file);
                var drainer = scenario.Probe("drainer");
                scenario.Engine.Coordinator.Tell(new Drain(EngineScenario.Patience), drainer);
                await scenario.Engine.Coordinator.Ask<ActorIdentity>(new Identify(null), EngineScenario.Patience);
                await scenario.SettleAsync(file);
                driver.ReleaseAll();
                await file.ExpectWrittenAsync(4);
                Assert.Equal(
                    [new DrainedFile(file.Opened.Path, 4, 0, true)], (await drainer.ExpectMsgAsync<Drained>()).Files);
            },
            "actors.engine.file { queue-messages = 4, credit-messages = 4 }");
    }

    [Fact]
    public async Task A_file_that_its_client_is_closing_is_reported_as_it_ends()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
            driver.Script = _ => Play.Hold;
            file.Append("x");
            file.Tell(new Close());
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the write in the kernel");
            await scenario.SettleAsync(file);
            var drainer = scenario.Probe("drainer");
            scenario.Engine.Coordinator.Tell(new Drain(EngineScenario.Patience), drainer);
            await scenario.Engine.Coordinator.Ask<ActorIdentity>(new Identify(null), EngineScenario.Patience);
            await scenario.SettleAsync(file);
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(1);
            await file.ExpectAsync<Closed>();
            Assert.Equal(
                [new DrainedFile(file.Opened.Path, 2, 0, true)], (await drainer.ExpectMsgAsync<Drained>()).Files);
        });
    }

    [Fact]
    public async Task A_file_that_is_being_opened_is_drained_once_it_is_open()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            driver.Script = _ => Play.Hold;
            var client = scenario.Probe("client");
            scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf("a.txt"), OpenMode.Write), client);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the open in the kernel");
            var drainer = scenario.Probe("drainer");
            scenario.Engine.Coordinator.Tell(new Drain(EngineScenario.Patience), drainer);
            await scenario.Engine.Coordinator.Ask<ActorIdentity>(new Identify(null), EngineScenario.Patience);
            driver.ReleaseAll();
            await client.ExpectMsgAsync<Opened>();
            Assert.Equal(
                [new DrainedFile(scenario.PathOf("a.txt"), 0, 0, true)],
                (await drainer.ExpectMsgAsync<Drained>()).Files);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task The_end_of_the_system_drains_first(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var client = scenario.Probe("client");
        var opened = await scenario.OpenAsync(
            client, "a.txt", OpenMode.Write, new OpenOptions { Coalesce = false });
        var log = new AnswerLog(scenario.System, "producer");
        for (var i = 0; i < 200; i++)
        {
            opened.Ref.Tell(new Write(Text.Bytes("0123456789"), Write.Append, i), log);
        }

        await scenario.StopAsync();
        Assert.Equal(200, log.Answered);
        Assert.Empty(log.Of<CommandFailed>());
        Assert.Equal(2000, new FileInfo(scenario.PathOf("a.txt")).Length);
    });

    /// <summary>On a shard: 200 writes of a byte, and behind them a drain, whose answer goes to the drainer.</summary>
    private sealed class WritesThenDrains(IActorRef file, IActorRef coordinator, IActorRef drainer) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not "go")
            {
                return;
            }

            for (var i = 0; i < 200; i++)
            {
                file.Tell(new Write(new byte[1], Write.Append, i));
            }

            coordinator.Tell(new Drain(EngineScenario.Patience), drainer);
        }
    }
}
