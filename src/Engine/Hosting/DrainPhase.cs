using System.Globalization;
using Actors.Engine.Configuration;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Engine;

/// <summary>
/// The phase of CoordinatedShutdown that the engine drains in. A phase ends at its own timeout, whatever its tasks do.
/// </summary>
internal static class DrainPhase
{
    public const string Name = CoordinatedShutdown.PhaseBeforeServiceUnbind;

    private const string Section = "akka.coordinated-shutdown";

    /// <summary>What a drain needs beyond its deadline.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>How long before the end of the phase a drain has to be over.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(500);

    /// <summary>As the other, for a system that is just starting, with what its configuration says.</summary>
    public static void MakeRoom(ExtendedActorSystem system)
    {
        try
        {
            var config = system.Settings.Config.SafeWithFallback(EngineSettings.ReferenceConfig);
            var coordinator = new ConfigReader(config, $"{EngineSettings.SectionPath}.coordinator");
            MakeRoom(system, CoordinatorSettings.Read(coordinator).DrainTimeout);
        }
        catch (FileEngineConfigurationException)
        {
            // The engine says it, when it starts.
        }
    }

    /// <summary>Gives the phase the time that a drain may take, unless the application has given it a time. Before
    /// CoordinatedShutdown is first asked for, which reads its settings then.</summary>
    public static void MakeRoom(ExtendedActorSystem system, TimeSpan drainTimeout)
    {
        const string Timeout = $"{Section}.phases.{Name}.timeout";
        var config = system.Settings.Config;
        var needed = drainTimeout + Margin;
        if (!config.HasPath(Timeout) && config.GetTimeSpan($"{Section}.default-phase-timeout") < needed)
        {
            system.Settings.InjectTopLevelFallback(ConfigurationFactory.ParseString(string.Create(
                CultureInfo.InvariantCulture, $"{Timeout} = {(long)needed.TotalMilliseconds}ms")));
        }
    }

    /// <summary>The longest that a drain may take in the phase.</summary>
    public static TimeSpan LimitOf(CoordinatedShutdown shutdown)
    {
        var timeout = shutdown.Timeout(Name);
        return timeout - (timeout > 2 * Reserve ? Reserve : timeout / 2);
    }
}
