using Actors.Engine.Actors;
using Actors.Engine.Tests.Hosting;
using Actors.Engine.Tests.Scenario;
using Actors.Engine.Tests.Telemetry;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Supervision;

/// <summary>A defect in one of the engine's actors costs the message that it came with, and no file.</summary>
public sealed class ActorDefectSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Restarts_of_the_backend_actor_lose_nothing_and_are_seen(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            const int Restarts = 20;
            scenario.Faults.Expect(fault => fault is NullReferenceException);
            var client = scenario.Probe("client");
            var files = new List<(ClientFile File, AnswerLog Log)>();
            for (var i = 0; i < 4; i++)
            {
                scenario.Given($"{i}.txt", new string('.', Restarts * 10));
                files.Add((
                    await scenario.OpenAsync(
                        client, $"{i}.txt", OpenMode.Append, new OpenOptions { Shard = 0, Coalesce = i % 2 == 0 }),
                    new AnswerLog(scenario.System, $"producer-{i}")));
            }

            var actor = await scenario.System.ActorSelection("/system/file-engine/shard-0/backend")
                .ResolveOne(EngineScenario.Patience);
            for (var i = 0; i < Restarts * 10; i++)
            {
                foreach (var (file, log) in files)
                {
                    file.Ref.Tell(new Write(Text.Bytes($"{i};")), log);
                    file.Ref.Tell(new Write(Text.Bytes("p"), i), log);
                }

                if (i % 10 == 5)
                {
                    actor.Tell(new CancelOperation(null!, 0));
                }
            }

            await scenario.UntilAsync(() => files.TrueForAll(f => f.Log.Answered == Restarts * 20), "every answer");
            var expected = string.Concat(Enumerable.Range(0, Restarts * 10).Select(i => $"{i};"));
            foreach (var (file, log) in files)
            {
                Assert.Empty(log.Of<CommandFailed>());
                await file.CloseAsync();
            }

            using var reading = new MeterReading();
            await scenario.CollectAsync();
            reading.Read();
            Assert.Equal(Restarts, reading.One(scenario.Engine, "actors.engine.restarts"));
            Assert.Equal((long)Restarts, (await HealthCheckSpec.CheckAsync(scenario)).Data["restarts"]);
            Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(
                new string('p', Restarts * 10) + expected, scenario.ContentOf($"{i}.txt")));
        },
        "actors.engine { backend.in-flight = 3, file.in-flight = 2 }\n"
        + "actors.engine.file { credit-messages = 1000, queue-messages = 1000 }");

    [Fact]
    public Task A_defect_of_the_coordinator_costs_no_open_file() => EngineScenario.RunAsync("sync", async scenario =>
    {
        scenario.Faults.Expect(fault => fault is IndexOutOfRangeException or NotSupportedException);
        var client = scenario.Probe("client");
        var sacrificed = await scenario.OpenAsync(client, "sacrificed.txt", OpenMode.Write);
        var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);

        // Of a shard that there is not; and to a client that cannot be told.
        scenario.Engine.Coordinator.Tell(new FileReleased(1, 99));
        scenario.Engine.Coordinator.Tell(new Open("", OpenMode.Write), new DefectiveRef(scenario.System));
        file.Append("x");
        await file.ExpectWrittenAsync(1);
        Assert.Equal(1, (await scenario.CollectAsync()).OpenFiles);
        Assert.Equal(2, scenario.Engine.Counters.Errors);
        Assert.Equal(2L, (await HealthCheckSpec.CheckAsync(scenario)).Data["errors"]);

        var drained = await scenario.Engine.Coordinator.Ask<Drained>(
            new Drain(EngineScenario.Patience), EngineScenario.Patience);
        Assert.Equal([new DrainedFile(file.Opened.Path, 1, 0, true)], drained.Files);
        await sacrificed.CloseAsync();
    });

    [Theory]
    [InlineData("a name that is taken")]
    [InlineData("an actor that fails as it starts")]
    [InlineData("Kill")]
    public Task A_defect_of_a_shard_actor_costs_one_open(string defect) => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            scenario.Faults.Expect(
                fault => fault is InvalidActorNameException or ArgumentNullException or ActorKilledException);
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write, new OpenOptions { Shard = 0 });
            var shard = await scenario.System.ActorSelection("/system/file-engine/shard-0")
                .ResolveOne(EngineScenario.Patience);
            if (defect == "Kill")
            {
                shard.Tell(Kill.Instance);
            }
            else
            {
                var open = new Open(scenario.PathOf("b.txt"), OpenMode.Write);
                var taken = defect == "a name that is taken";
                shard.Tell(new SpawnFile(taken ? 1 : 2, open, taken ? open.Path : null!, client));
                var failed = await client.ExpectMsgAsync<CommandFailed>();
                Assert.Equal((FailureReason.Unexpected, open), (failed.Reason, failed.Command));
                Assert.NotNull(failed.Exception);
            }

            file.Append("x");
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            await (await scenario.OpenAsync(client, "c.txt", OpenMode.Write, new OpenOptions { Shard = 0 }))
                .CloseAsync();
            await client.ExpectNoMsgAsync(TimeSpan.Zero);
        });

    [Fact]
    public Task A_defect_of_the_metrics_actor_costs_no_question_its_answer() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            scenario.Faults.Expect(fault => fault is NullReferenceException);
            var file = await scenario.OpenAsync(
                scenario.Probe("client"), "a.txt", OpenMode.Write, new OpenOptions { Shard = 0 });
            file.Append("x");
            await file.ExpectWrittenAsync(1);
            using var reading = new MeterReading();
            await scenario.CollectAsync();
            using var blocked = new ManualResetEventSlim();
            scenario.Engine.Shards[0].Loop.Execute(new ShardWork(() => blocked.Wait(EngineScenario.Patience)));
            var log = new AnswerLog(scenario.System, "asker");
            for (var i = 0; i < 3; i++)
            {
                scenario.Engine.Metrics.Tell(new CollectMetrics(), log);
            }

            scenario.Engine.Metrics.Tell(new ShardReported(0, 0, null!));
            await scenario.UntilAsync(() => log.Answered == 3, "an answer to each");
            blocked.Set();
            Assert.All(log.Of<CommandFailed>(), failed => Assert.Equal(
                (FailureReason.Unexpected, true), (failed.Reason, failed.Exception is NullReferenceException)));
            Assert.Equal(3, log.Of<CommandFailed>().Count());

            file.Append("y");
            await file.ExpectWrittenAsync(1);
            Assert.Equal(1, (await scenario.CollectAsync()).OpenFiles);
            reading.Read();
            Assert.Equal(2, reading.One(scenario.Engine, "actors.engine.operations"));
            Assert.Equal(1, reading.One(scenario.Engine, "actors.engine.errors"));
            await file.CloseAsync();
        });

    [Fact]
    public Task Work_of_a_shard_that_throws_is_counted_and_the_shard_goes_on() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            scenario.Faults.Expect(fault => fault is InvalidDataException);
            scenario.Engine.Shards[0].Loop.Execute(new ShardWork(() => throw new InvalidDataException("a defect")));
            var file = await scenario.OpenAsync(
                scenario.Probe("client"), "a.txt", OpenMode.Write, new OpenOptions { Shard = 0 });
            await file.CloseAsync();
            Assert.Equal(1, scenario.Engine.Counters.Errors);
        });

    /// <summary>A client that throws when it is told anything.</summary>
    private sealed class DefectiveRef(ActorSystem system) : MinimalActorRef
    {
        public override ActorPath Path { get; } = ((ExtendedActorSystem)system).Provider.RootPath / "defective";

        public override IActorRefProvider Provider { get; } = ((ExtendedActorSystem)system).Provider;

        protected override void TellInternal(object message, IActorRef sender) =>
            throw new NotSupportedException("cannot be told");
    }
}
