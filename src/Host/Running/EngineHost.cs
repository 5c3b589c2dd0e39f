using Actors.Engine;
using Actors.Host.Logging;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Actors.Host.Running;

/// <summary>One actor system with one engine, under a generic host. Each backend of a run gets a fresh one.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private const string SystemName = "actors";

    private const string HostConfiguration = """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          loggers = ["Actors.Host.Logging.LineLogger, Actors.Host"]
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    private readonly IHost _host;

    private EngineHost(IHost host)
    {
        _host = host;
        System = host.Services.GetRequiredService<ActorSystem>();
        Engine = System.FileEngine();
    }

    /// <summary>The actor system.</summary>
    public ActorSystem System { get; }

    /// <summary>Its engine.</summary>
    public FileEngine Engine { get; }

    /// <summary>Starts a system.</summary>
    /// <param name="configuration">What the scenario sets in <c>actors.engine</c>.</param>
    /// <param name="backend">The backend's name, or auto.</param>
    /// <param name="log">Takes warnings, a line each.</param>
    /// <param name="faults">Takes errors; null for where warnings go.</param>
    /// <exception cref="FileEngineConfigurationException">The engine cannot start like this.</exception>
    public static async Task<EngineHost> StartAsync(
        Config configuration, string backend, Action<string> log, Action<string>? faults = null)
    {
        var host = Build(configuration, backend, new LogSink(log, faults ?? log));
        try
        {
            // Before the host does, which prints what goes wrong in that with its stack trace.
            host.Services.GetRequiredService<ActorSystem>().FileEngine();
            await host.StartAsync();
            return new EngineHost(host);
        }
        catch
        {
            await StopAsync(host);
            throw;
        }
    }

    /// <summary>The configuration of a scenario with the backend filled in.</summary>
    public static Config EngineConfiguration(Config configuration, string backend) =>
        ConfigurationFactory.ParseString($"actors.engine.backend-name = \"{backend}\"")
            .WithFallback(configuration);

    public async ValueTask DisposeAsync() => await StopAsync(_host);

    private static IHost Build(Config configuration, string backend, LogSink log)
    {
        // The empty builder: no configuration files, no environment, no logging providers, half the start-up time.
        // The content root is of no use, and otherwise the current directory, which may be gone.
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddAkka(SystemName, akka => akka
            .AddSetup(log)
            .AddHocon(ConfigurationFactory.ParseString(HostConfiguration), HoconAddMode.Prepend)
            .AddHocon(configuration, HoconAddMode.Prepend)
            .WithFileEngine(engine => engine.BackendName = backend));
        return builder.Build();
    }

    private static async Task StopAsync(IHost host)
    {
        using (host)
        {
            await host.StopAsync();
        }
    }

    // Signals belong to the run, which drains first and then stops the host.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
