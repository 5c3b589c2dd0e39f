using Actors.Engine.Configuration;
using Actors.Engine.Telemetry;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.Configuration;

namespace Actors.Engine;

/// <summary>Adds the file engine to an actor system in the manner of Akka.Hosting.</summary>
public static class AkkaHostingExtensions
{
    /// <summary>Adds the engine as <c>actors.engine</c> in the system's configuration describes it, and registers
    /// <see cref="CoordinatorKey"/> and <see cref="MetricsKey"/> in the actor registry. The engine logs and is measured
    /// by the container's logger and meter factories. It starts in its turn: actors that <c>WithActors</c> adds after this
    /// find both keys. For <see cref="FileEngine"/> itself as a service add
    /// <c>services.AddFileEngine()</c>: the container is complete by the time that a system is built.</summary>
    /// <param name="builder">The system under construction.</param>
    public static AkkaConfigurationBuilder WithFileEngine(this AkkaConfigurationBuilder builder) =>
        builder.WithFileEngine(new FileEngineOptions());

    /// <summary>As the first overload, with options set in code.</summary>
    /// <param name="builder">The system under construction.</param>
    /// <param name="configure">Sets the options; what it leaves null comes from configuration.</param>
    public static AkkaConfigurationBuilder WithFileEngine(
        this AkkaConfigurationBuilder builder, Action<FileEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new FileEngineOptions();
        configure(options);
        return builder.WithFileEngine(options);
    }

    /// <summary>As the first overload, with the given options.</summary>
    /// <param name="builder">The system under construction.</param>
    /// <param name="options">What is null in them comes from configuration.</param>
    public static AkkaConfigurationBuilder WithFileEngine(
        this AkkaConfigurationBuilder builder, FileEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        builder.AddHocon(options.ToConfig(), HoconAddMode.Prepend);
        builder.AddSetup(new TelemetrySetup(options.LoggerFactory, options.MeterFactory, isOwnSystem: false));
        builder.AddHocon(EngineSettings.ReferenceConfig, HoconAddMode.Append);
        builder.WithExtension<DrainPhaseExtension>();
        return builder.WithActors((system, registry, resolver) =>
        {
            OptionsSection.Check(resolver.GetService<IConfiguration>()?.GetSection(OptionsSection.DefaultName));
            var engine = system.FileEngine();
            registry.Register<CoordinatorKey>(engine.Coordinator);
            registry.Register<MetricsKey>(engine.Metrics);
        });
    }
}
