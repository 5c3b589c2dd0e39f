using Actors.Engine.Drivers;
using Actors.Engine.Scheduling;
using Actors.Engine.Telemetry;
using Actors.Engine.Tests.Hosting;
using Actors.Engine.Tests.Scenario;
using Actors.Engine.Tests.Telemetry;
using Akka.Actor;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace Actors.Engine.Tests.Supervision;

/// <summary>A shard whose driver failed and cannot be replaced, or not yet: it says so, to everybody who asks, and the
/// others work.</summary>
public sealed class RefusingShardSpec
{
    private readonly ManualClock _clock = new();
    private readonly LogRecorder _log = new();
    private readonly ScriptedDriver _scripted = new();
    private readonly List<ThrowingDriver> _made = [];
    private Exception? _refusal;

    [Fact]
    public Task Files_with_operations_that_do_not_come_back_take_nothing_more_and_are_not_opened_twice() =>
        RunAsync(async scenario =>
        {
            var client = scenario.Probe("client");
            var stuck = await OpenAsync(scenario, client, "stuck.txt", shard: 0);
            var idle = await OpenAsync(scenario, client, "idle.txt", shard: 0);
            var other = await OpenAsync(scenario, scenario.Probe("other"), "other.txt", shard: 1);
            (_scripted.Script, _scripted.CanCancel) = (_ => Play.Hold, false);
            var first = new Write(Text.Bytes("first;"));
            stuck.Tell(first);
            stuck.Append("second;");
            await scenario.UntilAsync(() => _scripted.HeldCount == 1, "a write in the driver");
            await FailDriverAsync(scenario);
            idle.Append("waits;");
            await scenario.SettleAsync(idle);
            await client.ExpectNoMsgAsync(TimeSpan.Zero);

            _clock.Now += DriverReplacement.Patience;
            var answers = await client.ReceiveNAsync(3, default).ToListAsync();
            Assert.All(answers.Cast<CommandFailed>(), IsOfTheDriver);
            Assert.Contains(answers, answer => ((CommandFailed)answer).Command == first);
            Assert.Equal([0], RefusingShards(await HealthCheckSpec.CheckAsync(scenario)));
            IsOfTheDriver(await scenario.FailToOpenAsync(
                client, "new.txt", OpenMode.Write, new OpenOptions { Shard = 0 }));
            other.Append("works");
            await other.ExpectWrittenAsync(1);

            // Where it could be written by another shard's driver, the old write might still land after a new one.
            stuck.Tell(new Close());
            IsOfTheDriver(await stuck.ExpectAsync<CommandFailed>());
            var again = await scenario.FailToOpenAsync(
                client, "stuck.txt", OpenMode.Write, new OpenOptions { Shard = 1 });
            Assert.Equal(FailureReason.AlreadyOpen, again.Reason);

            _scripted.ReleaseAll();
            await scenario.UntilAsync(() => scenario.Engine.Counters.Replacements == 1, "another driver");
            await scenario.UntilAsync(() => scenario.Engine.Writers.Count == 2, "the stuck file closed");
            Assert.Equal(HealthStatus.Healthy, (await HealthCheckSpec.CheckAsync(scenario)).Status);
            Assert.Equal("first;", scenario.ContentOf("stuck.txt"));
            var reopened = await OpenAsync(scenario, client, "stuck.txt", shard: 0);
            reopened.Append("third;");
            await reopened.ExpectWrittenAsync(1);
            foreach (var file in new[] { reopened, idle, other })
            {
                await file.CloseAsync();
            }
        });

    [Fact]
    public Task Without_another_driver_everything_is_refused_files_close_and_it_is_tried_again() =>
        RunAsync(async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await OpenAsync(scenario, client, "a.txt", shard: 0);
            var other = await OpenAsync(scenario, scenario.Probe("other"), "other.txt", shard: 1);
            using var reading = new MeterReading();
            _refusal = new DriverUnavailableException("No ring is left.", "Wait.");
            await FailDriverAsync(scenario);
            await scenario.UntilAsync(() => scenario.Engine.Shards[0].Refusal is not null, "refusing");
            file.Append("x");
            var failed = await file.ExpectFailureAsync(FailureReason.Unexpected);
            Assert.Contains("No ring is left.", failed.Cause, StringComparison.Ordinal);
            Assert.Equal(0, failed.BytesDone);
            var entry = await HealthCheckSpec.CheckAsync(scenario);
            Assert.Equal([0], RefusingShards(entry));
            Assert.Contains("No ring is left.", entry.Description, StringComparison.Ordinal);
            await file.CloseAsync();
            Assert.DoesNotContain(scenario.PathOf("a.txt"), OpenDescriptors.Below(scenario.Directory));
            other.Append("works");
            await other.ExpectWrittenAsync(1);

            _refusal = null;
            _clock.Now += DriverReplacement.Interval;
            file = await OpenAsync(scenario, client, "a.txt", shard: 0);
            file.Append("y");
            await file.ExpectWrittenAsync(1);
            entry = await HealthCheckSpec.CheckAsync(scenario);
            Assert.Equal((HealthStatus.Healthy, 1L), (entry.Status, entry.Data["driver-replacements"]));
            await file.CloseAsync();
            await other.CloseAsync();
            Assert.Equal("y", scenario.ContentOf("a.txt"));
            reading.Read();
            Assert.Equal(1, reading.One(scenario.Engine, "actors.engine.driver.replacements"));
            Assert.IsType<InvalidDataException>(_log.One(10).Exception);
            Assert.True(_log.Has(11));
            Assert.Contains("No ring is left.", _log.One(12).Text, StringComparison.Ordinal);
        });

    [Fact]
    public Task An_engine_whose_shard_refuses_can_be_stopped() => RunAsync(async scenario =>
    {
        var client = scenario.Probe("client");
        var file = await OpenAsync(scenario, client, "a.txt", shard: 0);
        _refusal = new DriverUnavailableException("No ring is left.", "Wait.");
        await FailDriverAsync(scenario);
        await scenario.UntilAsync(() => scenario.Engine.Shards[0].Refusal is not null, "refusing");
        var drained = await scenario.Engine.Coordinator.Ask<Drained>(
            new Drain(EngineScenario.Patience), EngineScenario.Patience);
        Assert.Equal([new DrainedFile(file.Opened.Path, 0, 0, true)], drained.Files);
    });

    private static void IsOfTheDriver(CommandFailed failed)
    {
        Assert.Equal(FailureReason.Unexpected, failed.Reason);
        Assert.Contains("driver of the shard failed", failed.Cause, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(failed.Exception);
    }

    private static IReadOnlyList<int> RefusingShards(HealthReportEntry entry)
    {
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        return Assert.IsAssignableFrom<IReadOnlyList<int>>(entry.Data["refusing-shards"]);
    }

    private static Task<ClientFile> OpenAsync(
        EngineScenario scenario, Akka.TestKit.TestProbe client, string name, int shard) =>
        scenario.OpenAsync(client, name, OpenMode.Append, new OpenOptions { Shard = shard, Coalesce = false });

    /// <summary>The driver of shard 0 throws, once, at its next look for completions.</summary>
    private async Task FailDriverAsync(EngineScenario scenario)
    {
        await scenario.OnShardAsync(0, _ =>
        {
            var thrown = false;
            return _made[0].Before = call => call == DriverCall.Reap && !thrown && (thrown = true);
        });
        await scenario.UntilAsync(() => _log.Has(10), "the driver has failed");
    }

    private Task RunAsync(Func<EngineScenario, Task> play) => EngineScenario.RunAsync(
        Make, play, "", ClockedThreads.On(_clock), new TelemetrySetup(_log, null, isOwnSystem: false));

    private IDriver Make(int shard)
    {
        if (shard == 1)
        {
            return new ScriptedDriver();
        }

        if (_refusal is { } refusal)
        {
            throw refusal;
        }

        _made.Add(new ThrowingDriver(_made.Count == 0 ? _scripted : new ScriptedDriver()));
        return _made[^1];
    }
}
