using Akka.Configuration;

namespace Actors.Bench.Contestants;

/// <summary>An actor system's log goes to standard output, which is for measurements here.</summary>
internal static class QuietAkka
{
    public static Config Config { get; } =
        ConfigurationFactory.ParseString("akka { loglevel = WARNING, stdout-loglevel = WARNING }");
}
