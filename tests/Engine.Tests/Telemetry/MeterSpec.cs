using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Actors.Engine.Actors;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Actors.Engine.Tests.Telemetry;

/// <summary>The meter: what its instruments are called, and that they say what was done.</summary>
public sealed partial class MeterSpec
{
    private const string TimeAll = "actors.engine.metrics.sample-every = 1";

    [Fact]
    public Task Instruments_are_named_as_open_telemetry_has_it_and_described() => EngineScenario.RunAsync("sync", _ =>
    {
        using var reading = new MeterReading();
        Assert.Equal(
            [
                "actors.engine.buffer.leased", "actors.engine.buffer.limit", "actors.engine.buffer.usage",
                "actors.engine.driver.replacements", "actors.engine.errors", "actors.engine.failures",
                "actors.engine.file.count", "actors.engine.file.limit",
                "actors.engine.file.pending_opens", "actors.engine.file.poisoned", "actors.engine.io",
                "actors.engine.kernel.operations", "actors.engine.mailbox.refusals", "actors.engine.operation.duration",
                "actors.engine.operations", "actors.engine.restarts", "actors.engine.syncs",
            ],
            reading.Instruments.Select(instrument => instrument.Name).Order(StringComparer.Ordinal));
        Assert.All(reading.Instruments, instrument =>
        {
            Assert.Matches(Name(), instrument.Name);
            Assert.Matches(Unit(), instrument.Unit!);
            Assert.NotEmpty(instrument.Description!);
        });
        return Task.CompletedTask;
    });

    [Fact]
    public Task Measurements_are_what_was_done() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            using var reading = new MeterReading();
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.ReadWrite);
            file.Append("hello");
            file.Append(" there");
            await file.ExpectWrittenAsync(2);
            file.Tell(new Sync());
            await file.ExpectAsync<Synced>();
            file.Tell(new Read(0, new byte[100]));
            await file.ExpectAsync<DataRead>();
            file.Tell(new Read(-1, new byte[100]));
            await file.ExpectFailureAsync(FailureReason.InvalidArgument);

            var engine = scenario.Engine;
            var figures = await scenario.CollectAsync(reset: true);
            reading.Read();
            Assert.Equal(1, figures.Syncs);
            Assert.Equal(4, reading.One(engine, "actors.engine.operations"));
            Assert.Equal(1, reading.One(engine, "actors.engine.syncs"));
            Assert.Equal(1, reading.One(engine, "actors.engine.failures", "error.type", "invalid_argument"));
            Assert.Equal(11, reading.One(engine, "actors.engine.io", "disk.io.direction", "write"));
            Assert.Equal(11, reading.One(engine, "actors.engine.io", "disk.io.direction", "read"));
            Assert.Equal(
                figures.InlineOperations,
                reading.One(engine, "actors.engine.kernel.operations", "actors.engine.inline", true));
            Assert.Equal(0, reading.One(engine, "actors.engine.kernel.operations", "actors.engine.inline", false));
            Assert.Equal(1, reading.One(engine, "actors.engine.file.count"));
            Assert.Equal(engine.OpenFilesMax, reading.One(engine, "actors.engine.file.limit"));
            Assert.Equal(
                engine.Shards.Sum(shard => shard.Buffers.BytesMax), reading.One(engine, "actors.engine.buffer.limit"));
            Assert.True(reading.One(engine, "actors.engine.buffer.usage") > 0);
            Assert.All(
                reading.Of(engine, "actors.engine.operations"),
                value => Assert.Equal("sync", value.Tags["actors.engine.backend"]));

            // Counters go on where a period of the metrics actor ends.
            await file.CloseAsync();
            await scenario.UntilNoFileIsOpenAsync();
            reading.Read();
            Assert.Equal(5, reading.One(engine, "actors.engine.operations"));
            Assert.Equal(0, reading.One(engine, "actors.engine.file.count"));
        },
        TimeAll);

    [Fact]
    public Task What_fails_without_having_come_to_a_file_is_counted() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            using var reading = new MeterReading();
            var client = scenario.Probe("client");
            scenario.Engine.Coordinator.Tell(new Open("", OpenMode.Write), client);
            scenario.Engine.Coordinator.Tell(new Delete(scenario.PathOf("missing")), client);
            scenario.Engine.Coordinator.Tell(new Stat(scenario.PathOf("missing")), client);
            scenario.Engine.Coordinator.Tell(new Drain(TimeSpan.FromSeconds(-1)), client);
            for (var i = 0; i < 4; i++)
            {
                await client.ExpectMsgAsync<CommandFailed>();
            }

            Assert.Equal(4, (await scenario.CollectAsync()).Failures);
            reading.Read();
            Assert.Equal(2, reading.One(scenario.Engine, "actors.engine.failures", "error.type", "not_found"));
            Assert.Equal(2, reading.One(scenario.Engine, "actors.engine.failures", "error.type", "invalid_argument"));
        });

    [Fact]
    public Task Each_sample_of_a_duration_is_measured_once() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            using var reading = new MeterReading();
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            for (var i = 0; i < 10; i++)
            {
                file.Append("x");
            }

            await file.ExpectWrittenAsync(10);
            await scenario.CollectAsync();
            await scenario.CollectAsync();
            var durations = reading.Of(scenario.Engine, "actors.engine.operation.duration");
            Assert.Equal(10, durations.Count);
            Assert.All(durations, duration => Assert.InRange(duration.Value, 0, EngineScenario.Patience.TotalSeconds));
            await file.CloseAsync();
        },
        TimeAll);

    [Fact]
    public async Task A_poisoned_file_counts_until_it_is_closed()
    {
        var driver = new ScriptedDriver { Result = operation => operation.Kind == IoKind.DataSync ? -Errno.EIO : null };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Faults.Expect(fault => fault is Akka.Event.Error);
            using var reading = new MeterReading();
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            file.Tell(new Sync());
            await file.ExpectFailureAsync(FailureReason.SyncFailed);
            file.Tell(new Sync());
            await file.ExpectFailureAsync(FailureReason.SyncFailed);
            Assert.Equal(1, (await scenario.CollectAsync()).PoisonedFiles);
            reading.Read();
            Assert.Equal(1, reading.One(scenario.Engine, "actors.engine.file.poisoned"));
            Assert.Equal(2, reading.One(scenario.Engine, "actors.engine.failures", "error.type", "sync_failed"));
            await file.CloseAsync();
            await scenario.UntilAsync(() => scenario.Engine.Counters.Poisoned == 0, "closed for good");
            reading.Read();
            Assert.Equal(0, reading.One(scenario.Engine, "actors.engine.file.poisoned"));
            Assert.Equal(0, reading.One(scenario.Engine, "actors.engine.syncs"));
        });
    }

    [Fact]
    public Task Restarts_and_waiting_opens_are_measured() => EngineScenario.RunAsync(
        new ScriptedDriver(),
        async scenario =>
        {
            scenario.Faults.Expect(fault => fault is NullReferenceException);
            using var reading = new MeterReading();
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
            var backend = await scenario.System.ActorSelection("/system/file-engine/shard-0/backend")
                .ResolveOne(EngineScenario.Patience);
            backend.Tell(new CancelOperation(null!, 0));
            await backend.Ask<ActorIdentity>(new Identify(1), EngineScenario.Patience);
            scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf("b.txt"), OpenMode.Write), client);
            await scenario.CollectAsync();
            reading.Read();
            Assert.Equal(1, reading.One(scenario.Engine, "actors.engine.restarts"));
            Assert.Equal(1, reading.One(scenario.Engine, "actors.engine.file.pending_opens"));
            await file.CloseAsync();
            var opened = await client.ExpectMsgAsync<Opened>();
            await new ClientFile(client.LastSender, client, opened).CloseAsync();
        },
        "actors.engine.coordinator.open-files-max = 1");

    [Fact]
    public async Task Engines_of_one_name_are_told_apart_and_a_stopped_one_is_not_measured()
    {
        using var reading = new MeterReading();
        var first = FileEngine.Start(new FileEngineOptions { BackendName = "sync", Shards = 1 });
        var second = FileEngine.Start(new FileEngineOptions { BackendName = "sync", Shards = 1 });
        Assert.NotEqual(first.Telemetry.Name, second.Telemetry.Name);
        reading.Read();
        Assert.Single(reading.Of(first, "actors.engine.operations"));
        Assert.Single(reading.Of(second, "actors.engine.operations"));
        await first.DisposeAsync();
        reading.Read();
        Assert.Empty(reading.Of(first, "actors.engine.operations"));
        Assert.Single(reading.Of(second, "actors.engine.operations"));
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_containers_meter_factory_makes_the_meter()
    {
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Services.AddAkka("measured-by-container", akka => akka
            .AddHocon("akka { loggers = [], stdout-loglevel = OFF }", HoconAddMode.Prepend)
            .WithFileEngine(options => (options.BackendName, options.Shards) = ("sync", 1)));
        using var host = application.Build();
        await host.StartAsync().WaitAsync(EngineScenario.Patience);
        var engine = host.Services.GetRequiredService<ActorSystem>().FileEngine();
        using var ofContainer = new MeterReading(host.Services.GetRequiredService<IMeterFactory>());
        using var ofProcess = new MeterReading();
        ofContainer.Read();
        ofProcess.Read();
        Assert.Equal("measured-by-container", engine.Telemetry.Name);
        Assert.Single(ofContainer.Of(engine, "actors.engine.operations"));
        Assert.Empty(ofProcess.Of(engine, "actors.engine.operations"));
        await host.StopAsync().WaitAsync(EngineScenario.Patience);
    }

    [GeneratedRegex(@"^actors\.engine(\.[a-z]+(_[a-z]+)*)+$")]
    private static partial Regex Name();

    /// <summary>UCUM: an annotation, bytes or seconds.</summary>
    [GeneratedRegex(@"^(\{[a-z]+\}|By|s)$")]
    private static partial Regex Unit();
}
