using System.Diagnostics.Metrics;
using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Engine;

/// <summary>Adds the file engine to a container.</summary>
public static class FileEngineServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="FileEngine"/> as a singleton. When the container has an <see cref="ActorSystem"/>, as with
    /// Akka.Hosting, it is the engine of that system; otherwise one with an actor system of its own, which logs and is
    /// measured by the container's logger and meter factories. A host starts it when it starts, so that a wrong setting
    /// fails the start.
    /// </summary>
    /// <remarks>
    /// An engine of its own is drained and stopped when the container is disposed of, as a host does at the end of
    /// <c>RunAsync</c>: after every service that was given it, so that what those write while they are disposed of is
    /// written. A container without a host has to be disposed of with <c>DisposeAsync</c>.
    /// </remarks>
    /// <param name="services">The container's services.</param>
    public static IServiceCollection AddFileEngine(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<FileEngineOptions>().PostConfigure<IServiceProvider>((options, provider) =>
        {
            options.LoggerFactory ??= provider.GetService<ILoggerFactory>();
            options.MeterFactory ??= provider.GetService<IMeterFactory>();
        });
        services.TryAddSingleton(StartEngine);
        services.AddHostedService<FileEngineStart>();
        return services;
    }

    /// <summary>As the first overload, with options set in code. They may come from configuration too:
    /// <c>services.AddOptions&lt;FileEngineOptions&gt;().BindConfiguration("FileEngine")</c>.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Sets the options, of an engine of its own only: resolving the engine throws
    /// <see cref="FileEngineConfigurationException"/> when the container has an actor system, whose engine is
    /// configured by <c>WithFileEngine</c>.</param>
    public static IServiceCollection AddFileEngine(
        this IServiceCollection services, Action<FileEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddFileEngine().Configure(configure);
        return services;
    }

    private static FileEngine StartEngine(IServiceProvider provider)
    {
        if (provider.GetService<ActorSystem>() is not { } system)
        {
            return FileEngine.Start(provider.GetRequiredService<IOptions<FileEngineOptions>>().Value);
        }

        if (provider.GetServices<IConfigureOptions<FileEngineOptions>>().Any())
        {
            throw new FileEngineConfigurationException(
                "AddFileEngine was given options, but the engine runs in the actor system that the container has. Give "
                + "them to akka.WithFileEngine(...), or set them in the system's configuration.");
        }

        return system.FileEngine();
    }
}
