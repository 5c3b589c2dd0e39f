using Actors.Engine.Tests.Scenario;
using Actors.Engine.Tests.Telemetry;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Actors.Engine.Tests.Hosting;

/// <summary>The engine as a service: of the container's actor system, or its own.</summary>
public sealed class AddFileEngineSpec
{
    private const string Quiet =
        """
        akka { loglevel = WARNING, loggers = [], stdout-loglevel = OFF }
        actors.engine { backend-name = sync, shards = 2 }
        """;

    [Fact]
    public async Task Without_an_actor_system_it_is_one_of_its_own()
    {
        var log = new LogRecorder();
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(log)
            .AddFileEngine(options => (options.BackendName, options.Shards) = ("sync", 1))
            .BuildServiceProvider();
        var engine = services.GetRequiredService<FileEngine>();
        Assert.Same(engine, services.GetRequiredService<FileEngine>());
        Assert.Equal(("sync", 1), (engine.Backend, engine.ShardCount));
        Assert.True(log.Has(1));
        await services.DisposeAsync();
        Assert.All(engine.Shards, shard => Assert.True(shard.Loop.Join(EngineScenario.Patience)));
    }

    [Fact]
    public async Task What_a_service_writes_while_it_is_disposed_of_is_written()
    {
        var directory = Directory.CreateTempSubdirectory("actors-test-").FullName;
        try
        {
            var application = Host.CreateEmptyApplicationBuilder(null);
            application.Services.AddFileEngine(options => options.BackendName = "sync");
            application.Services.AddSingleton(
                provider => new Journal(provider.GetRequiredService<FileEngine>(), Path.Combine(directory, "a.txt")));
            using (var host = application.Build())
            {
                await host.StartAsync().WaitAsync(EngineScenario.Patience);
                await host.Services.GetRequiredService<Journal>().BeginAsync();
                await host.StopAsync().WaitAsync(EngineScenario.Patience);
            }

            Assert.Equal("begun\nended\n", await File.ReadAllTextAsync(Path.Combine(directory, "a.txt")));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_wrong_setting_fails_the_hosts_start()
    {
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Services.AddFileEngine(options => options.BackendName = "floppy");
        using var host = application.Build();
        var refusal = await Assert.ThrowsAsync<FileEngineConfigurationException>(() => host.StartAsync());
        Assert.Contains("actors.engine.backend-name", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_may_come_from_configuration()
    {
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FileEngine:BackendName"] = "sync",
            ["FileEngine:Shards"] = "1",
            ["FileEngine:Durability"] = "DataSync",
            ["FileEngine:DrainTimeout"] = "00:00:03",
        });
        application.Services.AddFileEngine();
        application.Services.AddOptions<FileEngineOptions>().BindConfiguration("FileEngine");
        using var host = application.Build();
        await host.StartAsync().WaitAsync(EngineScenario.Patience);
        var engine = host.Services.GetRequiredService<FileEngine>();
        Assert.Equal(("sync", 1), (engine.Backend, engine.ShardCount));
        Assert.Equal(Durability.DataSync, engine.Settings.Writer.Durability);
        Assert.Equal(TimeSpan.FromSeconds(3), engine.Settings.Coordinator.DrainTimeout);
        await host.StopAsync().WaitAsync(EngineScenario.Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_akka_hosting_it_is_the_engine_of_the_system(bool before)
    {
        var log = new LogRecorder();
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Services.AddSingleton<ILoggerFactory>(log);
        if (before)
        {
            application.Services.AddFileEngine();
        }

        application.Services.AddAkka(
            "hosted", akka => akka.AddHocon(Quiet, HoconAddMode.Prepend).WithFileEngine());
        if (!before)
        {
            application.Services.AddFileEngine();
        }

        using var host = application.Build();
        await host.StartAsync().WaitAsync(EngineScenario.Patience);
        var engine = host.Services.GetRequiredService<FileEngine>();
        Assert.Same(host.Services.GetRequiredService<ActorSystem>().FileEngine(), engine);
        Assert.Equal(2, engine.ShardCount);
        var coordinator = await host.Services.GetRequiredService<IRequiredActor<CoordinatorKey>>().GetAsync();
        Assert.Equal(engine.Coordinator, coordinator);

        // The system's engine logs to the container's factory too.
        Assert.True(log.Has(1));
        await host.StopAsync().WaitAsync(EngineScenario.Patience);
    }

    [Fact]
    public async Task Options_for_an_engine_of_somebody_elses_system_are_refused()
    {
        using var system = ActorSystem.Create("elsewhere", Quiet);
        await using var services = new ServiceCollection()
            .AddSingleton(system)
            .AddFileEngine(options => options.Shards = 1)
            .BuildServiceProvider();
        var refusal = Assert.Throws<FileEngineConfigurationException>(services.GetRequiredService<FileEngine>);
        Assert.Contains("WithFileEngine", refusal.Message, StringComparison.Ordinal);
        await system.Terminate().WaitAsync(EngineScenario.Patience);
    }

    private sealed class Journal(FileEngine engine, string path) : IAsyncDisposable
    {
        private FileWriter? _writer;

        public async Task BeginAsync()
        {
            _writer = await engine.OpenWriterAsync(path);
            await _writer.WriteLineAsync("begun");
        }

        public async ValueTask DisposeAsync()
        {
            await _writer!.WriteLineAsync("ended");
            await _writer.DisposeAsync();
        }
    }
}
