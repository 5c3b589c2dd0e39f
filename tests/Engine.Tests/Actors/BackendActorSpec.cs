using Actors.Engine.Actors;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>The backend actor may fail and be restarted; the operations are the shard's and go on.</summary>
public sealed class BackendActorSpec
{
    [Fact]
    public async Task A_restart_loses_no_operation()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                scenario.Faults.Expect(cause => cause is NullReferenceException);
                var client = scenario.Probe("client");
                var files = new List<ClientFile>();
                for (var i = 0; i < 4; i++)
                {
                    var file = await scenario.OpenAsync(client, $"{i}.txt", OpenMode.Write);
                    files.Add(file with { Client = scenario.Probe($"producer-{i}") });
                }

                driver.Script = _ => Play.Hold;
                foreach (var file in files)
                {
                    file.Append("before;");
                    await scenario.SettleAsync(file);
                }

                await scenario.UntilAsync(() => driver.HeldCount == 2, "two in the kernel, two waiting");
                var backend = await scenario.System.ActorSelection("/system/file-engine/shard-0/backend")
                    .ResolveOne(EngineScenario.Patience);
                for (var i = 0; i < 5; i++)
                {
                    // There is no such operation.
                    backend.Tell(new CancelOperation(null!, 0));
                    files[i % 4].Append("after;");
                }

                var identity = await backend.Ask<ActorIdentity>(new Identify(1), EngineScenario.Patience);
                Assert.Equal(backend, identity.Subject);
                driver.ReleaseAll();
                for (var i = 0; i < 4; i++)
                {
                    await files[i].ExpectWrittenAsync(i == 0 ? 3 : 2);
                    await files[i].CloseAsync();
                    Assert.Equal(i == 0 ? "before;after;after;" : "before;after;", scenario.ContentOf($"{i}.txt"));
                }
            },
            "actors.engine { backend.in-flight = 2, file.in-flight = 2 }");
    }

    [Fact]
    public async Task Files_share_the_places_in_the_kernel_in_turns()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var files = new List<ClientFile>();
                for (var i = 0; i < 3; i++)
                {
                    files.Add(await scenario.OpenAsync(client, $"{i}.txt", OpenMode.Write));
                }

                var order = new List<FileHandle?>();
                driver.Script = operation =>
                {
                    order.Add(operation.File);
                    return Play.Hold;
                };
                for (var i = 0; i < 3; i++)
                {
                    for (var block = 0; block < 4; block++)
                    {
                        files[i].WriteAt(block * 100, "x");
                    }

                    await scenario.SettleAsync(files[i]);
                }

                await scenario.UntilAsync(() => driver.HeldCount == 2, "both places taken");
                for (var i = 0; i < 12; i++)
                {
                    await scenario.UntilAsync(() => driver.HeldCount > 0, "the next in the kernel");
                    driver.ReleaseOldest();
                    await client.ExpectMsgAsync<Written>();
                }

                // Whoever waits lets each of the others go first once at most.
                var turns = order.ConvertAll(file => order.Distinct().ToList().IndexOf(file));
                Assert.Equal([4, 4, 4], Enumerable.Range(0, 3).Select(i => turns.Count(turn => turn == i)));
                foreach (var waiting in new[] { 1, 2 })
                {
                    var at = Enumerable.Range(0, 12).Where(position => turns[position] == waiting).Prepend(1).ToArray();
                    Assert.All(at.Zip(at.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1, 3));
                }

                Assert.Equal(2, driver.InFlightPeak);
                driver.ReleaseAll();
                foreach (var file in files)
                {
                    await file.CloseAsync();
                }
            },
            "actors.engine { backend.in-flight = 2, file.in-flight = 2 }");
    }
}
