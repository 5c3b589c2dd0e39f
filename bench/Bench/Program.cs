using Actors.Bench.Commands;
using Actors.Host.Running;
using Actors.Host.Terminal;

namespace Actors.Bench;

/// <summary>Entry point of the bench.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var consoles = new Consoles(Console.Out, Console.Error);
        using var interruption = new Interruption().Listen();
        return await new BenchCommand(consoles, interruption).RunAsync(args);
    }
}
