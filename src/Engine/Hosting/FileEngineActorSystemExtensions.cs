using Akka.Actor;

namespace Actors.Engine;

/// <summary>Entry to the engine from an actor system.</summary>
public static class FileEngineActorSystemExtensions
{
    /// <summary>The engine of this system; starts it on the first call. Thread-safe.</summary>
    /// <exception cref="FileEngineConfigurationException">A setting is wrong, or a named backend is not
    /// available.</exception>
    public static FileEngine FileEngine(this ActorSystem system)
    {
        var engine = FileEngineProvider.Instance.Apply(system);
        engine.EnsureActors((ExtendedActorSystem)system);
        return engine;
    }
}
