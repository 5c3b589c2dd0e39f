using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Shards;

/// <summary>What lives on a shard's thread, and stays there.</summary>
public sealed class ShardSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_client_on_the_shards_dispatcher_runs_on_the_shards_thread(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            for (var shard = 0; shard < scenario.Engine.ShardCount; shard++)
            {
                var expected = await scenario.OnShardAsync(shard, _ => Environment.CurrentManagedThreadId);
                var client = scenario.System.ActorOf(
                    Props.Create<WhereAmI>().WithDispatcher(scenario.Engine.DispatcherId(shard)));
                Assert.Equal(expected, await client.Ask<int>("where?", EngineScenario.Patience));
                Assert.Equal(expected, await client.Ask<int>("still?", EngineScenario.Patience));
            }

            Assert.Throws<ArgumentOutOfRangeException>(() => scenario.Engine.DispatcherId(-1));
            Assert.Throws<ArgumentOutOfRangeException>(
                () => scenario.Engine.DispatcherId(scenario.Engine.ShardCount));
        });

    [Fact]
    public Task A_buffer_that_came_back_between_asking_and_waiting_is_not_missed() =>
        EngineScenario.RunAsync("sync", async scenario =>
        {
            var waiting = scenario.Probe("waiting-file");
            await scenario.OnShardAsync(0, shard =>
            {
                var slab = shard.Buffers.TryRent(4096)!;
                slab.Return();
                shard.WaitForBuffer(waiting);
                return true;
            });
            await waiting.ExpectMsgAsync<Engine.Shards.BufferAvailable>();
        });

    [Fact]
    public async Task Every_operation_of_a_file_is_made_on_its_shards_thread()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var threads = new HashSet<int>();
            driver.Script = _ =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                return Play.Perform;
            };
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            file.Append("x");
            file.Tell(new Sync());
            await file.ExpectWrittenAsync(1);
            await file.ExpectAsync<Synced>();
            await file.CloseAsync();
            Assert.Equal([await scenario.OnShardAsync(0, _ => Environment.CurrentManagedThreadId)], threads);
            Assert.Contains(IoKind.Close, driver.Submitted);
        });
    }

    private sealed class WhereAmI : ReceiveActor
    {
        public WhereAmI() => ReceiveAny(_ => Sender.Tell(Environment.CurrentManagedThreadId));
    }
}
