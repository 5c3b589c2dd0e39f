using System.Diagnostics.Metrics;
using Akka.Actor;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Engine;

/// <summary>Adds the file engine to a container.</summary>
public static class FileEngineServiceCollectionExtensions
{
    /// <summary>The container whose engine this thread is starting, and what it looks up for that. A container does not
    /// notice a factory that comes back to itself, and hangs.</summary>
    [ThreadStatic]
    private static IServiceProvider? _starting;

    [ThreadStatic]
    private static string? _lookedUp;

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
    /// <para>Its options are those of the section <c>FileEngine</c> of the container's configuration, if it has one; what
    /// is set in code goes before. A key there that is not one of <see cref="FileEngineOptions"/> fails the start.</para>
    /// <para>The log is looked up when something is first logged, by a thread that nobody waits for: what the container
    /// logs to may take <see cref="FileEngine"/> itself.</para>
    /// </remarks>
    /// <param name="services">The container's services.</param>
    public static IServiceCollection AddFileEngine(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<FileEngineOptions>().PostConfigure<IServiceProvider>(
            (options, provider) => options.MeterFactory ??= LookUp<IMeterFactory>(provider));
        if (services.All(service => service.ServiceType != typeof(FileEngine)))
        {
            services.AddSingleton<IConfigureOptions<FileEngineOptions>>(provider => new OptionsSection(
                provider.GetService<IConfiguration>()?.GetSection(OptionsSection.DefaultName), isDefault: true));
            services.AddSingleton(StartEngine);
        }

        services.AddHostedService<FileEngineStart>();
        return services;
    }

    /// <summary>As the first overload, with options set in code.</summary>
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

    /// <summary>As the first overload, with options of a section with another name or place.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="section">Has keys of <see cref="FileEngineOptions"/> and no others; for an engine of its own only, as
    /// options set in code.</param>
    public static IServiceCollection AddFileEngine(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddFileEngine()
            .AddSingleton<IConfigureOptions<FileEngineOptions>>(new OptionsSection(section, isDefault: false));
    }

    private static FileEngine StartEngine(IServiceProvider provider)
    {
        if (_starting == provider)
        {
            throw new FileEngineConfigurationException(
                $"FileEngine waits for itself: its start looks up {_lookedUp}, and that, or something it takes, takes "
                + "FileEngine. Have it take IServiceProvider, and ask for FileEngine when it is first used.");
        }

        var outer = (_starting, _lookedUp);
        _starting = provider;
        try
        {
            return StartOnce(provider);
        }
        finally
        {
            (_starting, _lookedUp) = outer;
        }
    }

    private static FileEngine StartOnce(IServiceProvider provider)
    {
        if (LookUp<ActorSystem>(provider) is not { } system)
        {
            var options = LookUp<IOptions<FileEngineOptions>>(provider)!.Value;
            return FileEngine.StartWith(options, provider.GetService<ILoggerFactory>);
        }

        if (provider.GetServices<IConfigureOptions<FileEngineOptions>>()
            .Any(options => options is not OptionsSection { IsDefault: true }))
        {
            throw new FileEngineConfigurationException(
                "AddFileEngine was given options, but the engine runs in the actor system that the container has. Give "
                + "them to akka.WithFileEngine(...), or set them in the system's configuration.");
        }

        return system.FileEngine();
    }

    private static T? LookUp<T>(IServiceProvider provider)
        where T : class
    {
        _lookedUp = typeof(T).IsGenericType ? $"the options of {nameof(FileEngine)}" : typeof(T).Name;
        return provider.GetService<T>();
    }
}
