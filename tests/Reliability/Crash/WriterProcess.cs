using System.CommandLine;
using System.Globalization;
using Actors.Reliability.Crash.Writing;
using Actors.Reliability.Running;
using Akka.Actor;

namespace Actors.Reliability.Crash;

/// <summary>
/// The process that is killed: writes by every <see cref="WritingStyle"/> at once, and tells on its standard output
/// what the engine has called durable. It never ends by itself, unless something fails.
/// </summary>
internal static class WriterProcess
{
    private const string Name = "crash-writer";

    private static readonly Option<string> Directory = new("--dir") { Required = true };
    private static readonly Option<string> Backend = new("--backend") { Required = true };
    private static readonly Option<long> Seed = new("--seed") { Required = true };

    /// <summary>The command for the parser.</summary>
    public static Command Build()
    {
        var command = new Command(Name, "Writes until it is killed.") { Directory, Backend, Seed };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(Directory), parsed.GetRequiredValue(Backend), parsed.GetRequiredValue(Seed)));
        return command;
    }

    /// <summary>What starts it.</summary>
    public static string[] Arguments(string directory, string backend, long seed) =>
    [
        Name, "--dir", directory, "--backend", backend, "--seed", seed.ToString(CultureInfo.InvariantCulture),
    ];

    private static async Task<int> RunAsync(string directory, string backend, long seed)
    {
        using var system = ActorSystem.Create("crash", EngineConfig.Of(backend));
        var session = new WriterSession(system, directory, seed, Console.OpenStandardOutput());
        var writing = WritingStyle.All.Select((style, file) => Task.Run(() => style.RunAsync(session, file)));

        // None of them ends but by an exception, which ends the process.
        await await Task.WhenAny(writing);
        return 1;
    }
}
