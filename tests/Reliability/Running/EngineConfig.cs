using Akka.Configuration;

namespace Actors.Reliability.Running;

/// <summary>How the engines of the long runs are configured: two shards, and quiet.</summary>
internal static class EngineConfig
{
    private static readonly Config Quiet = ConfigurationFactory.ParseString(
        """
        akka.loglevel = WARNING
        akka.stdout-loglevel = OFF
        akka.loggers = []
        akka.log-dead-letters = off
        akka.log-dead-letters-during-shutdown = off
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        actors.engine.shards = 2
        actors.engine.backend.sync-thread.threads-max = 4
        actors.engine.backend.linux-aio.allow-buffered = on
        """);

    /// <summary>For one backend; <paramref name="hocon"/> goes before everything else.</summary>
    public static Config Of(string backend, string hocon = "") => ConfigurationFactory.ParseString(hocon)
        .WithFallback(ConfigurationFactory.ParseString($"actors.engine.backend-name = {backend}"))
        .WithFallback(Quiet);
}
