using Actors.Engine.Tests.Scenario;
using Actors.Engine.Tests.Telemetry;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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
        await log.UntilHasAsync(1);
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

    [Fact]
    public Task The_section_FileEngine_is_read_without_being_named() => RunAsync(
        new() { ["fileengine:backendname"] = "sync", ["FileEngine:Shards"] = "2" },
        services => services.AddFileEngine(options => options.Shards = 1),
        engine => Assert.Equal(("sync", 1), (engine.Backend, engine.ShardCount)));

    [Fact]
    public Task Another_section_is_read_when_it_is_given() => RunAsync(
        new() { ["Storage:Log:BackendName"] = "sync", ["Storage:Log:Shards"] = "1" },
        (services, configuration) => services.AddFileEngine(configuration.GetSection("Storage:Log")),
        engine => Assert.Equal(("sync", 1), (engine.Backend, engine.ShardCount)));

    [Theory]
    [InlineData("FileEngine:Backend", "FileEngine:Backend is not a known key.")]
    [InlineData("FileEngine:Shard", "Did you mean FileEngine:Shards?")]
    [InlineData("FileEngine:Writer:Coalesce", "FileEngine:Writer is not a known key.")]
    [InlineData("FileEngine:Shards:Count", "FileEngine:Shards must be a value")]
    [InlineData("FileEngine:LoggerFactory", "FileEngine:LoggerFactory is not a known key.")]
    [InlineData("FileEngine", "must be a section")]
    public async Task A_key_of_the_section_without_effect_fails_the_start(string key, string said)
    {
        foreach (var withAkka in new[] { false, true })
        {
            var refusal = await Assert.ThrowsAsync<FileEngineConfigurationException>(() => RunAsync(
                new() { [key] = "1" },
                services => _ = withAkka
                    ? services.AddAkka("hosted", akka => akka.AddHocon(Quiet, HoconAddMode.Prepend).WithFileEngine())
                    : services.AddFileEngine(options => options.BackendName = "sync"),
                _ => { }));
            Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("Legal: FileEngine:BackendName, FileEngine:Shards,", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_log_that_takes_the_engine_gets_it_and_what_the_engine_logs()
    {
        var log = new LogRecorder();
        await RunAsync([], services => services.AddFileEngine().AddSingleton<ILoggerProvider>(
            provider => new EngineLog(provider.GetRequiredService<FileEngine>(), log)));
        await log.UntilHasAsync(1);
    }

    [Fact]
    public async Task A_log_that_takes_the_engine_of_a_system_that_takes_the_log_is_refused_with_the_circle()
    {
        var refusal = await Assert.ThrowsAsync<FileEngineConfigurationException>(() => RunAsync([], services => services
            .AddFileEngine()
            .AddAkka("hosted", akka => akka.AddHocon(Quiet, HoconAddMode.Prepend).WithFileEngine())
            .AddSingleton<ILoggerProvider>(
                provider => new EngineLog(provider.GetRequiredService<FileEngine>(), new LogRecorder()))));
        Assert.Contains("looks up ActorSystem", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_takes_the_engine_may_be_made_on_another_thread_meanwhile()
    {
        using var gate = new ManualResetEventSlim();
        var log = new LogRecorder();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<ILoggerProvider>(provider =>
            {
                gate.Set();
                return new EngineLog(provider.GetRequiredService<FileEngine>(), log);
            })
            .AddFileEngine(options =>
            {
                // The engine is being made by one thread, and the log by another that waits for the engine.
                options.BackendName = "sync";
                gate.Wait(EngineScenario.Patience);
            })
            .BuildServiceProvider();
        var engine = Task.Run(services.GetRequiredService<FileEngine>);
        var loggers = Task.Run(services.GetRequiredService<ILoggerFactory>);
        await Task.WhenAll(engine, loggers).WaitAsync(EngineScenario.Patience);
        await log.UntilHasAsync(1);
    }

    [Fact]
    public async Task A_start_that_waits_for_itself_is_refused_with_the_circle()
    {
        await using var services = new ServiceCollection()
            .AddFileEngine()
            .AddSingleton<IConfigureOptions<FileEngineOptions>>(
                provider => new NamedBy(provider.GetRequiredService<FileEngine>()))
            .BuildServiceProvider();
        var refusal = await Assert.ThrowsAsync<FileEngineConfigurationException>(
            () => Task.Run(services.GetRequiredService<FileEngine>).WaitAsync(EngineScenario.Patience));
        Assert.Contains("the options of FileEngine", refusal.Message, StringComparison.Ordinal);
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
        await log.UntilHasAsync(1);
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

    private static Task RunAsync(
        Dictionary<string, string?> configuration,
        Action<IServiceCollection> configure,
        Action<FileEngine>? look = null) =>
        RunAsync(configuration, (services, _) => configure(services), look);

    private static async Task RunAsync(
        Dictionary<string, string?> configuration,
        Action<IServiceCollection, IConfiguration> configure,
        Action<FileEngine>? look = null)
    {
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Configuration.AddInMemoryCollection(configuration);
        configure(application.Services, application.Configuration);
        using var host = application.Build();
        await Task.Run(() => host.StartAsync()).WaitAsync(EngineScenario.Patience);
        look?.Invoke(host.Services.GetRequiredService<FileEngine>());
        await host.StopAsync().WaitAsync(EngineScenario.Patience);
    }

    /// <summary>A log that an engine would keep.</summary>
    private sealed class EngineLog(FileEngine engine, LogRecorder log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName)
        {
            Assert.False(engine.Coordinator.IsNobody());
            return log;
        }

        public void Dispose()
        {
        }
    }

    private sealed class NamedBy(FileEngine engine) : IConfigureOptions<FileEngineOptions>
    {
        public void Configure(FileEngineOptions options) => options.BackendName = engine.Backend;
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
