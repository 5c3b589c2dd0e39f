using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>However a file ends, every command is answered exactly once, and everything is given back.</summary>
public sealed class StopSpec
{
    public static TheoryData<string> Endings => ["PoisonPill", "Kill", "Stop"];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task What_is_outstanding_is_answered_closing(string ending)
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Faults.Expect(cause => cause is ActorKilledException);
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write, new OpenOptions { Coalesce = false });
            driver.Script = _ => Play.Hold;
            var commands = new FileCommand[]
            {
                new Write(Text.Bytes("in the kernel")), new Write(Text.Bytes("waiting")), new Sync(), new Close(),
            };
            foreach (var command in commands)
            {
                file.Tell(command);
            }

            await scenario.UntilAsync(() => driver.HeldCount == 1, "the first write in the kernel");
            await scenario.SettleAsync(file);
            client.Watch(file.Ref);
            End(scenario, ending, file.Ref);
            foreach (var command in commands)
            {
                await file.ExpectFailureAsync(FailureReason.Closing, command);
            }

            await client.ExpectTerminatedAsync(file.Ref);
            Assert.Equal(1, scenario.Engine.Shards[0].Buffers.Leased);
            driver.ReleaseAll();
            await scenario.UntilAsync(() => scenario.Engine.Writers.IsEmpty, "the file closed");
            await client.ExpectNoMsgAsync(TimeSpan.Zero);
            Assert.Equal("in the kernel", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public async Task What_the_kernel_has_finished_when_the_actor_stops_is_told_as_done()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
            file.Append("done");
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the write in the kernel");

            // On the shard's thread, so that the actor has the stop before it looks at what is back.
            await scenario.OnShardAsync(0, shard =>
            {
                driver.ReleaseAll();
                shard.Scheduler.Pump();
                scenario.System.Stop(file.Ref);
                return true;
            });
            await file.ExpectWrittenAsync(1);
            await scenario.UntilAsync(() => scenario.Engine.Writers.IsEmpty, "the file closed");
        });
    }

    [Fact]
    public async Task What_waits_for_its_turn_in_the_backend_is_not_performed_after_it_was_answered()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var occupier = await scenario.OpenAsync(client, "occupier.txt", OpenMode.Write);
                var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
                driver.Script = _ => Play.Hold;
                occupier.Append("holds the only place");
                await scenario.UntilAsync(() => driver.HeldCount == 1, "the place taken");
                var waiting = new Write(Text.Bytes("waits for a place"));
                file.Tell(waiting);
                await scenario.SettleAsync(file);
                file.Ref.Tell(PoisonPill.Instance);
                await file.ExpectFailureAsync(FailureReason.Closing, waiting);

                driver.ReleaseAll();
                await occupier.ExpectWrittenAsync(1);
                await occupier.CloseAsync();
                await scenario.UntilAsync(() => scenario.Engine.Writers.IsEmpty, "both files closed");
                Assert.Equal("", scenario.ContentOf("a.txt"));
            },
            "actors.engine { backend.in-flight = 1, file.in-flight = 1 }");
    }

    [Fact]
    public async Task A_reader_that_stops_gives_its_buffers_back_when_the_kernel_does()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Given("a.bin", Text.Pattern(100_000));
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.bin", OpenMode.Read);
            driver.Script = _ => Play.Hold;
            var demand = new Demand(5);
            file.Tell(demand);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "a read in the kernel");
            file.Ref.Tell(PoisonPill.Instance);
            await file.ExpectFailureAsync(FailureReason.Closing, demand);
            Assert.Equal(1, scenario.Engine.Shards[0].Buffers.Leased);
            driver.ReleaseAll();
        });
    }

    [Fact]
    public Task A_reader_may_stop_while_it_waits_for_a_buffer() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            scenario.Given("a.bin", Text.Pattern(100_000));
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.bin", OpenMode.Read);
            var demand = new Demand(10);
            file.Tell(demand);
            var kept = new List<Chunk>();
            for (var i = 0; i < 4; i++)
            {
                kept.Add(await file.ExpectAsync<Chunk>());
            }

            await scenario.SettleAsync(file);
            client.Watch(file.Ref);
            file.Ref.Tell(PoisonPill.Instance);
            await file.ExpectFailureAsync(FailureReason.Closing, demand);
            await client.ExpectTerminatedAsync(file.Ref);

            // Nobody waits any more for what comes back now, and that is no fault.
            kept.ForEach(chunk => chunk.Dispose());
            Assert.Equal(0, await scenario.OnShardAsync(0, shard => shard.Buffers.Leased));
        },
        "actors.engine { shards = 1, buffers.size-max = 32KiB, reader.chunk-size = 8KiB, writer.buffer-size = 4KiB }");

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_file_is_closed_also_when_its_backend_actor_stopped_before_it(string backend) =>
        EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var log = new AnswerLog(scenario.System, "producer");
                var file = await scenario.OpenAsync(
                    scenario.Probe("client"), "a.txt", OpenMode.Write, new OpenOptions { Shard = 0 });
                var actor = await scenario.System.ActorSelection("/system/file-engine/shard-0/backend")
                    .ResolveOne(EngineScenario.Patience);

                // In one turn: the sync's announcement is on its way to the backend actor when that one stops.
                await scenario.OnShardAsync(0, _ =>
                {
                    file.Ref.Tell(new Sync(), log);
                    file.Ref.Tell(PoisonPill.Instance);
                    scenario.System.Stop(actor);
                    return true;
                });
                await scenario.UntilAsync(() => scenario.Engine.Writers.IsEmpty, "the file closed");
                Assert.Equal(FailureReason.Closing, log.Of<CommandFailed>().Single().Reason);
                Assert.Equal("", scenario.ContentOf("a.txt"));
                await scenario.StopAsync();
            });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Senders_that_race_a_stop_get_an_answer_to_every_command(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            scenario.Faults.Expect(message => message is Write);
            var client = scenario.Probe("client");
            for (var round = 0; round < 40; round++)
            {
                var file = await scenario.OpenAsync(
                    client, "a.txt", OpenMode.Write, new OpenOptions { Acknowledge = AcknowledgeMode.Each });
                var logs = await RaceAsync(scenario, file.Ref, round, () => file.Ref.Tell(PoisonPill.Instance));
                await scenario.UntilAsync(() => logs.All(log => log.Answered >= 100), $"all answers of round {round}");
                await scenario.UntilAsync(() => scenario.Engine.Writers.IsEmpty, $"the file of round {round} closed");
                Assert.All(logs, log => Assert.Equal(100, log.Answered));
            }
        });

    [SkippableTheory]
    [InlineData("sync", true)]
    [InlineData("sync", false)]
    [InlineData("io-uring", true)]
    [InlineData("io-uring", false)]
    public Task Senders_that_race_the_end_of_the_system_get_an_answer_to_every_command(string backend, bool drained) =>
        EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var file = await scenario.OpenAsync(
                    client, "a.txt", OpenMode.Write, new OpenOptions { Acknowledge = AcknowledgeMode.Each });
                var stopped = Task.CompletedTask;
                var logs = await RaceAsync(scenario, file.Ref, 0, () => stopped = scenario.StopAsync());
                await stopped;

                // After the end, too.
                file.Ref.Tell(new Write(Text.Bytes("late")), logs[0]);
                Assert.Equal(101, logs[0].Answered);
                Assert.All(logs.Skip(1), log => Assert.Equal(100, log.Answered));
            },
            $"akka.coordinated-shutdown.run-by-actor-system-terminate = {(drained ? "on" : "off")}");

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Opens_that_race_the_end_of_the_system_get_an_answer(string backend) =>
        EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var log = new AnswerLog(scenario.System, "opener");
                for (var i = 0; i < 200; i++)
                {
                    scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf($"{i}.txt"), OpenMode.Write), log);
                }

                await scenario.StopAsync();
                Assert.Equal(200, log.Answered);
            },
            "akka.coordinated-shutdown.run-by-actor-system-terminate = off");

    [Fact]
    public async Task An_open_under_way_when_the_system_ends_is_answered_and_leaves_no_descriptor()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                driver.Script = _ => Play.Hold;
                var log = new AnswerLog(scenario.System, "opener");
                scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf("a.txt"), OpenMode.Write), log);
                await scenario.UntilAsync(() => driver.HeldCount == 1, "the open in the kernel");
                var stopped = scenario.StopAsync();
                await scenario.UntilAsync(() => log.Answered == 1, "an answer");
                driver.ReleaseAll();
                await stopped;
                Assert.Equal(FailureReason.Closing, log.Of<CommandFailed>().Single().Reason);
            },
            "akka.coordinated-shutdown.run-by-actor-system-terminate = off");
    }

    private static void End(EngineScenario scenario, string ending, IActorRef file)
    {
        switch (ending)
        {
            case "PoisonPill":
                file.Tell(PoisonPill.Instance);
                break;
            case "Kill":
                file.Tell(Kill.Instance);
                break;
            default:
                scenario.System.Stop(file);
                break;
        }
    }

    /// <summary>Three threads send a hundred writes each, while something ends the file.</summary>
    private static async Task<AnswerLog[]> RaceAsync(EngineScenario scenario, IActorRef file, int round, Action end)
    {
        var logs = Enumerable.Range(0, 3).Select(i => new AnswerLog(scenario.System, $"sender-{i}")).ToArray();
        using var start = new Barrier(logs.Length + 1);
        var threads = logs.Select(log => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                for (var i = 0; i < 100; i++)
                {
                    file.Tell(new Write(Text.Bytes("raced;"), Write.Append, i), log);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        start.SignalAndWait();
        Thread.SpinWait(round * 500);
        end();
        await Task.WhenAll(threads);
        return logs;
    }
}
