using Actors.Engine.Tests.Scenario;
using Actors.Engine.Tests.Telemetry;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Actors.Engine.Tests.Hosting;

/// <summary>The engine in a .NET host: registered, configured in code, drained when the host stops.</summary>
public sealed class WithFileEngineSpec
{
    public static TheoryData<string> Overloads => ["plain", "delegate", "options"];

    [Theory]
    [MemberData(nameof(Overloads))]
    public Task Each_overload_registers_coordinator_and_metrics(string overload) => RunAsync(
        builder => overload switch
        {
            "plain" => builder.WithFileEngine(),
            "delegate" => builder.WithFileEngine(options => options.Coalesce = false),
            _ => builder.WithFileEngine(new FileEngineOptions { Coalesce = false }),
        },
        async services =>
        {
            var system = services.GetRequiredService<ActorSystem>();
            var engine = system.FileEngine();
            var coordinator = await services.GetRequiredService<IRequiredActor<CoordinatorKey>>().GetAsync();
            var metrics = await services.GetRequiredService<IRequiredActor<MetricsKey>>().GetAsync();
            Assert.Equal((engine.Coordinator, engine.Metrics), (coordinator, metrics));
            Assert.Equal(("sync", 2), (engine.Backend, engine.ShardCount));
            Assert.Equal(overload == "plain", engine.Settings.Writer.Coalesce);
            var figures = await metrics.Ask<EngineMetrics>(new CollectMetrics(), EngineScenario.Patience);
            Assert.Equal(0, figures.OpenFiles);
        });

    [Fact]
    public Task Options_in_code_override_configuration_and_the_others_come_from_it() => RunAsync(
        builder => builder.WithFileEngine(options =>
        {
            options.Shards = 1;
            options.Acknowledge = AcknowledgeMode.Each;
            options.Durability = Durability.DataSync;
            options.BufferSizeMax = 8 << 20;
            options.OpenFilesMax = 7;
            options.DrainTimeout = TimeSpan.FromSeconds(21);
        }),
        services =>
        {
            var system = services.GetRequiredService<ActorSystem>();
            var engine = system.FileEngine();
            var settings = engine.Settings;
            Assert.Equal(("sync", 1, 7), (engine.Backend, engine.ShardCount, engine.OpenFilesMax));
            Assert.Equal(AcknowledgeMode.Each, settings.Writer.Acknowledge);
            Assert.Equal(Durability.DataSync, settings.Writer.Durability);
            Assert.Equal(8 << 20, settings.Buffers.SizeMax);
            Assert.Equal(4096, settings.Writer.BufferSize);

            // The phase that drains is given the time for it.
            Assert.Equal(TimeSpan.FromSeconds(21), settings.Coordinator.DrainTimeout);
            Assert.True(
                CoordinatedShutdown.Get(system).Timeout(CoordinatedShutdown.PhaseBeforeServiceUnbind)
                > settings.Coordinator.DrainTimeout);
            return Task.CompletedTask;
        });

    [Theory]
    [InlineData("actors.engine.coordinator.drain-timeout = 30s", 31)]
    [InlineData("akka.coordinated-shutdown.default-phase-timeout = 60s", 60)]
    [InlineData("akka.coordinated-shutdown.phases.before-service-unbind.timeout = 60s", 60)]
    [InlineData("akka.coordinated-shutdown { default-phase-timeout = 2s }", 11)]
    public async Task A_phase_has_the_time_that_a_drain_may_take_and_no_less_than_the_application_gave_it(
        string hocon, int seconds)
    {
        foreach (var before in new[] { true, false })
        {
            await RunAsync(
                builder => before
                    ? builder.AddHocon(hocon, HoconAddMode.Prepend).WithFileEngine()
                    : builder.WithFileEngine().AddHocon(hocon, HoconAddMode.Prepend),
                services =>
                {
                    var system = services.GetRequiredService<ActorSystem>();
                    var timeout = CoordinatedShutdown.Get(system).Timeout(CoordinatedShutdown.PhaseBeforeServiceUnbind);
                    Assert.Equal(TimeSpan.FromSeconds(seconds), timeout);
                    Assert.True(timeout > system.FileEngine().Settings.Coordinator.DrainTimeout);
                    return Task.CompletedTask;
                });
        }
    }

    [Fact]
    public async Task A_phase_that_the_application_made_too_short_cuts_the_drain_and_the_log_says_so()
    {
        var log = new LogRecorder();
        await RunAsync(
            builder => builder
                .AddHocon(
                    "akka.coordinated-shutdown.phases.before-service-unbind.timeout = 3s", HoconAddMode.Prepend)
                .WithFileEngine(options => options.LoggerFactory = log),
            _ => Task.CompletedTask);
        var cut = log.One(14);
        Assert.Equal(LogLevel.Warning, cut.Level);
        Assert.Contains("drains for 00:00:02.5", cut.Text, StringComparison.Ordinal);
        Assert.Contains("00:00:10", cut.Text, StringComparison.Ordinal);
        Assert.Contains(
            "akka.coordinated-shutdown.phases.before-service-unbind.timeout", cut.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Actors_that_are_started_after_it_find_coordinator_and_metrics()
    {
        IActorRef[] found = [];
        await RunAsync(
            builder => builder.WithFileEngine().WithActors((_, registry) =>
                found = [registry.Get<CoordinatorKey>(), registry.Get<MetricsKey>()]),
            services =>
            {
                var engine = services.GetRequiredService<ActorSystem>().FileEngine();
                Assert.Equal([engine.Coordinator, engine.Metrics], found);
                return Task.CompletedTask;
            });
    }

    [Fact]
    public async Task A_host_that_stops_finishes_what_was_sent()
    {
        var directory = Directory.CreateTempSubdirectory("actors-test-").FullName;
        try
        {
            AnswerLog? log = null;
            await RunAsync(
                builder => builder.WithFileEngine(),
                async services =>
                {
                    var system = services.GetRequiredService<ActorSystem>();
                    log = new AnswerLog(system, "producer");
                    var coordinator = await services.GetRequiredService<IRequiredActor<CoordinatorKey>>().GetAsync();
                    var opened = new TaskCompletionSource<IActorRef>();
                    var path = Path.Combine(directory, "a.txt");
                    system.ActorOf(Props.Create(() => new Opener(coordinator, path, opened)));
                    var file = await opened.Task.WaitAsync(EngineScenario.Patience);
                    for (var i = 0; i < 200; i++)
                    {
                        file.Tell(new Write(Text.Bytes("0123456789"), Write.Append, i), log);
                    }
                });
            Assert.Equal(200, log!.Answered);
            Assert.Empty(log.Of<CommandFailed>());
            Assert.Equal(2000, new FileInfo(Path.Combine(directory, "a.txt")).Length);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_wrong_setting_fails_the_hosts_start()
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(
            builder => builder.AddHocon("actors.engine.writer.colaesce = on", HoconAddMode.Prepend).WithFileEngine(),
            _ => Task.CompletedTask));
        var cause = refusal.GetBaseException();
        Assert.IsType<FileEngineConfigurationException>(cause);
        Assert.Contains("actors.engine.writer.colaesce", cause.Message, StringComparison.Ordinal);
    }

    private static async Task RunAsync(
        Func<AkkaConfigurationBuilder, AkkaConfigurationBuilder> configure, Func<IServiceProvider, Task> use)
    {
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Services.AddAkka("hosted", builder => configure(builder.AddHocon(
            """
            akka { loglevel = WARNING, loggers = [], stdout-loglevel = OFF }
            actors.engine { backend-name = sync, shards = 2, writer.buffer-size = 4KiB }
            """,
            HoconAddMode.Prepend)));
        using var host = application.Build();
        await host.StartAsync().WaitAsync(EngineScenario.Patience);
        await use(host.Services);
        await host.StopAsync().WaitAsync(EngineScenario.Patience);
    }

    private sealed class Opener : ReceiveActor
    {
        public Opener(IActorRef coordinator, string path, TaskCompletionSource<IActorRef> opened)
        {
            Receive<Opened>(_ => opened.SetResult(Sender));
            Receive<CommandFailed>(failed => opened.SetException(new IOException(failed.Cause)));
            coordinator.Tell(new Open(path, OpenMode.Write), Self);
        }
    }
}
