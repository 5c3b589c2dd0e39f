using System.Text;
using Actors.Host.Commands;
using Actors.Host.Machine;
using Actors.Host.Running;
using Actors.Host.Terminal;

namespace Actors.Host;

/// <summary>Entry point of the <c>actors</c> command.</summary>
internal static class Program
{
    /// <summary>Runs a command line against the given outputs; what <see cref="Main"/> does for a process.</summary>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, Interruption interruption) =>
        new ActorsCommand(new Consoles(output, error), interruption).RunAsync(args);

    private static Task<int> Main(string[] args)
    {
        if (DescriptorLimit.Refusal() is not { } refusal)
        {
            return RunProcessAsync(args);
        }

        Console.Error.WriteLine(refusal);
        return Task.FromResult(ExitCodes.Usage);
    }

    private static async Task<int> RunProcessAsync(string[] args)
    {
        StandardStreams.Reserve();
        var documents = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        var consoles = new Consoles(Console.Out, Console.Error, documents);
        using var interruption = new Interruption(consoles.RestoreTerminal).Listen();
        return await new ActorsCommand(consoles, interruption).RunAsync(args);
    }
}
