using System.Runtime.CompilerServices;
using Actors.Engine.Drivers;
using Actors.Engine.Telemetry;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Xunit;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Actors.Engine.Tests.Telemetry;

/// <summary>What the engine logs, by event id, and to whom.</summary>
public sealed class LogSpec
{
    private readonly LogRecorder _log = new();

    [Fact]
    public Task The_start_is_logged_with_backend_and_reason() => RunAsync(new ScriptedDriver(), _ =>
    {
        var started = _log.One(1);
        Assert.Equal(FileEngineTelemetry.LogCategory, _log.Category);
        Assert.Equal(LogLevel.Information, started.Level);
        Assert.EndsWith("runs on sync with 1 shards: configured", started.Text, StringComparison.Ordinal);
        Assert.False(_log.Has(2));
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_failed_sync_is_an_error_that_names_the_file_once()
    {
        var driver = new ScriptedDriver { Result = operation => operation.Kind == IoKind.DataSync ? -Errno.EIO : null };
        return RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            file.Tell(new Sync());
            await file.ExpectFailureAsync(FailureReason.SyncFailed);
            file.Tell(new Sync());
            await file.ExpectFailureAsync(FailureReason.SyncFailed);
            var poisoned = _log.One(3);
            Assert.Equal(LogLevel.Error, poisoned.Level);
            Assert.Contains(scenario.PathOf("a.txt"), poisoned.Text, StringComparison.Ordinal);
            await file.CloseAsync();
        });
    }

    [Fact]
    public Task Opens_that_wait_are_said_once_and_each_that_gives_up() => RunAsync(
        new ScriptedDriver(),
        async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
            for (var i = 0; i < 2; i++)
            {
                var failed = await scenario.FailToOpenAsync(client, "b.txt", OpenMode.Write);
                Assert.Equal(FailureReason.TooManyOpenFiles, failed.Reason);
            }

            await scenario.UntilAsync(() => _log.Entries.Count(entry => entry.Id == 5) == 2, "both were logged");
            Assert.Equal(LogLevel.Warning, _log.One(4).Level);
            await file.CloseAsync();
        },
        "actors.engine.coordinator { open-files-max = 1, open-queue-timeout = 10ms }");

    [Fact]
    public Task Buffers_that_ran_out_are_said_once() => RunAsync(new ScriptedDriver(), async scenario =>
    {
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
        for (var i = 0; i < 2; i++)
        {
            using (await BufferHoard.TakeAsync(scenario, 0))
            {
                file.Append("x");
                await scenario.UntilAsync(() => scenario.Engine.Shards[0].Buffers.HasWaiters, "waits");
            }

            await file.ExpectWrittenAsync(1);
        }

        Assert.Equal(LogLevel.Warning, _log.One(6).Level);
        await file.CloseAsync();
    });

    [Fact]
    public Task A_drain_that_lost_something_says_what()
    {
        var driver = new ScriptedDriver();
        return RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            driver.Script = _ => Play.Hold;
            file.Append("held");
            await scenario.UntilAsync(() => driver.HeldCount == 1, "in the kernel");
            var drained = await scenario.Engine.Coordinator.Ask<Drained>(
                new Drain(TimeSpan.Zero), EngineScenario.Patience);
            Assert.False(drained.Files[0].Finished);
            await scenario.UntilAsync(() => _log.Has(7), "logged");
            Assert.Contains(scenario.PathOf("a.txt"), _log.One(7).Text, StringComparison.Ordinal);
            driver.ReleaseAll();
        });
    }

    [Fact]
    public Task An_exception_that_a_loop_caught_is_an_error() => RunAsync(new ScriptedDriver(), async scenario =>
    {
        var defect = new InvalidOperationException("defect");
        scenario.Engine.Shards[0].Loop.Execute(new ShardWork(() => throw defect));
        await scenario.UntilAsync(() => _log.Has(8), "logged");
        Assert.Same(defect, _log.One(8).Exception);
    });

    [Fact]
    public Task A_file_that_nobody_closed_is_a_warning() => RunAsync(new ScriptedDriver(), async scenario =>
    {
        await LoseAsync(scenario);
        await scenario.UntilAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return _log.Has(9);
            },
            "finalized");
        Assert.Contains(scenario.PathOf("lost.txt"), _log.One(9).Text, StringComparison.Ordinal);
    });

    [Fact]
    public Task A_log_that_throws_does_not_stop_the_engine() => RunAsync(new ScriptedDriver(), async scenario =>
    {
        _log.Fault = new IOException("the log's disk is full");
        scenario.Engine.Shards[0].Loop.Execute(new ShardWork(() => throw new InvalidOperationException("defect")));
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
        file.Append("x");
        await file.ExpectWrittenAsync(1);
        await file.CloseAsync();
    });

    [Fact]
    public Task Without_a_factory_a_fault_goes_to_akkas_log() => EngineScenario.RunAsync(
        new ScriptedDriver(),
        async scenario =>
        {
            var defect = new InvalidOperationException("defect {0}");
            scenario.Faults.Expect(fault => fault == defect);
            var probe = scenario.Probe("log");
            scenario.System.EventStream.Subscribe(probe, typeof(Error));
            scenario.Engine.Shards[0].Loop.Execute(new ShardWork(() => throw defect));
            var error = await probe.ExpectMsgAsync<Error>();
            Assert.Same(defect, error.Cause);
            Assert.Contains("The event loop of shard 0", error.ToString(), StringComparison.Ordinal);
        });

    [Fact]
    public async Task An_engine_of_its_own_logs_to_its_factory()
    {
        await using var engine = FileEngine.Start(
            new FileEngineOptions { BackendName = "thread-pool", Shards = 1, LoggerFactory = _log });
        Assert.Contains("runs on thread-pool", _log.One(1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_without_io_uring_is_a_warning()
    {
        new EngineLog(_log).FellBack("thread-pool", "The sysctl forbids it.");
        Assert.Equal((LogLevel.Warning, 2), (_log.One(2).Level, _log.One(2).Id));
        Assert.Contains("The sysctl forbids it.", _log.One(2).Text, StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task LoseAsync(EngineScenario scenario) =>
        await scenario.Engine.OpenAsync(scenario.PathOf("lost.txt"), OpenMode.Write);

    private Task RunAsync(ScriptedDriver driver, Func<EngineScenario, Task> play, string hocon = "") =>
        EngineScenario.RunAsync(driver, play, hocon, new TelemetrySetup(_log, null, isOwnSystem: false));
}
