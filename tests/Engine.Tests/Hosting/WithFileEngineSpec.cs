using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
