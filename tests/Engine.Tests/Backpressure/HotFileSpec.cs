using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.TestKit;
using Xunit;

namespace Actors.Engine.Tests.Backpressure;

/// <summary>One hot file beside many cold ones on the same shard: how many of the hot one's operations go before a cold
/// one's is bounded, whatever is queued behind them.</summary>
public sealed class HotFileSpec
{
    private const int Cold = 50;

    [Fact]
    public async Task A_cold_file_lets_the_hot_one_go_first_once_for_each_place_in_the_queue()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var hot = await scenario.OpenAsync(client, "hot.bin", OpenMode.Write);
                var cold = await OpenColdAsync(scenario, client);
                var order = new List<FileHandle?>();
                driver.Script = operation =>
                {
                    order.Add(operation.File);
                    return Play.Hold;
                };

                // As many as the file may have under way: all but two wait for a place in the kernel.
                for (var i = 0; i < 32; i++)
                {
                    hot.WriteAt(i * 100, "x");
                }

                await scenario.SettleAsync(hot);
                await scenario.UntilAsync(() => driver.HeldCount == 2, "both places taken");
                foreach (var file in cold)
                {
                    file.WriteAt(0, "x");
                    await scenario.SettleAsync(file);
                }

                await ReleaseOneByOneAsync(scenario, driver, client, 32 + Cold);
                var hotHandle = order[0];
                var lastCold = order.FindLastIndex(file => file != hotHandle);

                // Two were in the kernel, and of the others one may stand before them in the queue: the rest is behind.
                Assert.InRange(order.Take(lastCold).Count(file => file == hotHandle), 2, 3);
                Assert.Equal(Cold, order.Where(file => file != hotHandle).Distinct().Count());
                driver.ReleaseAll();
                await CloseAllAsync([hot, .. cold]);
            },
            "actors.engine { backend.in-flight = 2, file.in-flight = 2, writer.coalesce = off }");
    }

    [Fact]
    public async Task A_full_mailbox_delays_the_others_by_one_run_of_it()
    {
        const int Throughput = 16;
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var hot = await scenario.OpenAsync(
                    client, "hot.bin", OpenMode.Write, new OpenOptions { InFlight = 64 });
                var cold = await OpenColdAsync(scenario, client);
                var order = new List<FileHandle?>();
                driver.Script = operation =>
                {
                    order.Add(operation.File);
                    return Play.Perform;
                };

                // In one go on the shard's own thread, which sees to none of it before all of it is there.
                await scenario.OnShardAsync(0, _ =>
                {
                    for (var i = 0; i < 200; i++)
                    {
                        hot.WriteAt(i * 100, "x");
                    }

                    cold.ForEach(file => file.WriteAt(0, "x"));
                    return true;
                });
                for (var i = 0; i < 200 + Cold; i++)
                {
                    await client.ExpectMsgAsync<Written>();
                }

                var hotHandle = order[0];
                var firstCold = order.FindIndex(file => file != hotHandle);
                Assert.InRange(firstCold, 1, 2 * Throughput);
                Assert.InRange(order.FindLastIndex(file => file != hotHandle), Cold, Cold + (4 * Throughput));
                await CloseAllAsync([hot, .. cold]);
            },
            $"actors.engine.event-loop.throughput = {Throughput}");
    }

    private static async Task<List<ClientFile>> OpenColdAsync(EngineScenario scenario, TestProbe client)
    {
        var files = new List<ClientFile>();
        for (var i = 0; i < Cold; i++)
        {
            files.Add(await scenario.OpenAsync(client, $"cold-{i}.bin", OpenMode.Write));
        }

        return files;
    }

    private static async Task ReleaseOneByOneAsync(
        EngineScenario scenario, ScriptedDriver driver, TestProbe client, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await scenario.UntilAsync(() => driver.HeldCount > 0, "the next in the kernel");
            driver.ReleaseOldest();
            await client.ExpectMsgAsync<Written>();
        }
    }

    private static async Task CloseAllAsync(IEnumerable<ClientFile> files)
    {
        foreach (var file in files)
        {
            await file.CloseAsync();
        }
    }
}
