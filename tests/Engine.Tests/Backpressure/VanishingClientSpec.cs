using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.TestKit;
using Xunit;

namespace Actors.Engine.Tests.Backpressure;

/// <summary>Clients that stop before their answers come: what they asked for is done, what was on its way to them is
/// given back, and nobody else notices.</summary>
public sealed class VanishingClientSpec
{
    [Fact]
    public async Task Writes_of_a_client_that_is_gone_are_performed_and_answered()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var answered = 0;
            scenario.Faults.Expect(letter =>
            {
                answered += letter is Written written ? written.Count : 0;
                return letter is Written;
            });
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write, new OpenOptions { Coalesce = false });
            driver.Script = _ => Play.Hold;
            for (var i = 0; i < 5; i++)
            {
                file.Append($"{i}", i);
            }

            await scenario.SettleAsync(file);
            await StopAsync(scenario, client);
            driver.ReleaseAll();
            await (file with { Client = scenario.Probe("heir") }).CloseAsync();
            Assert.Equal("01234", scenario.ContentOf("a.txt"));
            await scenario.UntilAsync(() => answered == 5, "an answer to each, though nobody takes it");
        });
    }

    [Theory]
    [InlineData(DemandUnit.Chunks)]
    [InlineData(DemandUnit.Lines)]
    public async Task Buffers_on_their_way_to_a_client_that_is_gone_come_back(DemandUnit unit)
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                scenario.Faults.Expect(letter => letter is Chunk or LineBatch or DemandMet);
                scenario.Given("a.txt", string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\n")));

                // Several times what the buffers hold: if they did not come back, the last reader would get none.
                for (var life = 0; life < 10; life++)
                {
                    var client = scenario.Probe($"client-{life}");
                    var file = await scenario.OpenAsync(
                        client, "a.txt", OpenMode.Read, new OpenOptions { ChunkSize = 4096 });
                    driver.Script = operation => operation.Kind == IoKind.Read ? Play.Hold : Play.Perform;
                    file.Tell(new Demand(4, unit));
                    await scenario.UntilAsync(() => driver.HeldCount == 1, "the first read in the kernel");
                    await StopAsync(scenario, client);
                    driver.ReleaseAll();
                    await (file with { Client = scenario.Probe($"heir-{life}") }).CloseAsync();
                    var buffers = scenario.Engine.Shards[0].Buffers;
                    await scenario.UntilAsync(() => buffers.Leased == 0, "every buffer back");
                }
            },
            "actors.engine { buffers.size-max = 64KiB, reader { chunk-size = 4KiB, line-size-max = 4KiB } }");
    }

    [Fact]
    public Task A_listing_for_a_client_that_is_gone_closes_its_directory() =>
        EngineScenario.RunAsync(BackendNames.Sync, async scenario =>
        {
            DirectoryListed? listed = null;
            scenario.Faults.Expect(letter => (listed = letter as DirectoryListed) is not null);
            for (var i = 0; i < 300; i++)
            {
                scenario.Given($"{i}.txt");
            }

            var client = scenario.Probe("client");
            await StopAsync(scenario, client);
            scenario.Engine.Coordinator.Tell(new ListDirectory(scenario.Directory), client);
            await scenario.UntilAsync(() => listed is not null, "the listing is nobody's");
            await scenario.UntilAsync(() => OpenDescriptors.Below(scenario.Directory).Count == 0, "it is closed");

            // Not by the collector.
            Assert.NotNull(listed!.More);
        });

    private static async Task StopAsync(EngineScenario scenario, TestProbe client)
    {
        var watcher = scenario.Probe($"watcher-{Guid.NewGuid():n}");
        watcher.Watch(client.Ref);
        scenario.System.Stop(client.Ref);
        await watcher.ExpectTerminatedAsync(client.Ref);
    }
}
