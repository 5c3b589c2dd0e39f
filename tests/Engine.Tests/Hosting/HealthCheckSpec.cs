using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace Actors.Engine.Tests.Hosting;

/// <summary>The health check: healthy, degraded where the engine does its work, unhealthy where it does not.</summary>
public sealed class HealthCheckSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task An_engine_that_works_is_healthy(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
        var entry = await CheckAsync(scenario);
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal(1, entry.Data["open-files"]);
        Assert.Equal(backend, entry.Data["backend"]);
        Assert.Equal(scenario.Engine.OpenFilesMax, entry.Data["open-files-max"]);
        await file.CloseAsync();
    });

    [Fact]
    public async Task A_poisoned_file_degrades_until_it_is_closed()
    {
        var driver = new ScriptedDriver { Result = operation => operation.Kind == IoKind.DataSync ? -Errno.EIO : null };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Faults.Expect(fault => fault is Akka.Event.Error);
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            file.Tell(new Sync());
            await file.ExpectFailureAsync(FailureReason.SyncFailed);
            var entry = await CheckAsync(scenario);
            Assert.Equal((HealthStatus.Degraded, 1), (entry.Status, entry.Data["poisoned-files"]));
            Assert.Contains("sync", entry.Description, StringComparison.Ordinal);
            await file.CloseAsync();
            await scenario.UntilAsync(() => scenario.Engine.Counters.Poisoned == 0, "closed for good");
            Assert.Equal(HealthStatus.Healthy, (await CheckAsync(scenario)).Status);
        });
    }

    [Fact]
    public Task Files_that_lack_a_buffer_degrade() => EngineScenario.RunAsync(new ScriptedDriver(), async scenario =>
    {
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
        using (await BufferHoard.TakeAsync(scenario, 0))
        {
            Assert.Equal(HealthStatus.Healthy, (await CheckAsync(scenario)).Status);
            file.Append("x");
            await scenario.UntilAsync(() => scenario.Engine.Shards[0].Buffers.HasWaiters, "waits");
            var entry = await CheckAsync(scenario);
            Assert.Equal((HealthStatus.Degraded, 1), (entry.Status, entry.Data["shards-out-of-buffers"]));
        }

        await file.ExpectWrittenAsync(1);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(scenario)).Status);
        await file.CloseAsync();
    });

    [Fact]
    public Task Opens_that_wait_degrade() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
            scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf("b.txt"), OpenMode.Write), client);
            var entry = await CheckAsync(scenario);
            Assert.Equal((HealthStatus.Degraded, 1), (entry.Status, entry.Data["queued-opens"]));
            await file.CloseAsync();
            var opened = await client.ExpectMsgAsync<Opened>();
            await new ClientFile(client.LastSender, client, opened).CloseAsync();
        },
        "actors.engine.coordinator.open-files-max = 1");

    [Theory]
    [InlineData(null, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    public Task A_shard_that_is_blocked_is_unhealthy(HealthStatus? failureStatus, HealthStatus expected) =>
        EngineScenario.RunAsync("sync", async scenario =>
        {
            using var blocked = new ManualResetEventSlim();
            scenario.Engine.Shards[1].Loop.Execute(new ShardWork(() => blocked.Wait(EngineScenario.Patience)));
            var entry = await CheckAsync(scenario, failureStatus, TimeSpan.FromMilliseconds(50));
            blocked.Set();
            Assert.Equal(expected, entry.Status);
            Assert.Equal([1], Assert.IsAssignableFrom<IReadOnlyList<int>>(entry.Data["silent-shards"]));
        });

    [Fact]
    public Task Actors_that_do_not_answer_are_unhealthy() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var probe = scenario.Probe("watcher");
        await probe.WatchAsync(scenario.Engine.Metrics);
        scenario.System.Stop(scenario.Engine.Metrics);
        await probe.ExpectTerminatedAsync(scenario.Engine.Metrics);
        var entry = await CheckAsync(scenario, timeout: TimeSpan.FromMilliseconds(50));
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        await scenario.StopAsync();
    });

    [Fact]
    public Task A_stopped_engine_is_unhealthy() => EngineScenario.RunAsync("sync", async scenario =>
    {
        await scenario.StopAsync();
        var entry = await CheckAsync(scenario);
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Equal([0, 1], Assert.IsAssignableFrom<IReadOnlyList<int>>(entry.Data["silent-shards"]));
    });

    internal static async Task<HealthReportEntry> CheckAsync(
        EngineScenario scenario, HealthStatus? failureStatus = null, TimeSpan? timeout = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(scenario.System);
        services.AddHealthChecks().AddFileEngine(
            failureStatus: failureStatus, timeout: timeout ?? EngineScenario.Patience);

        // Not disposed of: the actor system is the scenario's.
        var checks = services.BuildServiceProvider().GetRequiredService<HealthCheckService>();
        var report = await checks.CheckHealthAsync();
        return report.Entries["file-engine"];
    }
}
