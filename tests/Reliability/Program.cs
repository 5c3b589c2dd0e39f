using Actors.Reliability.Verbs;

namespace Actors.Reliability;

/// <summary>Entry point: the long runs, a verb each.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        };
        return await new ReliabilityCommand(Console.Out, Console.Error).RunAsync(args, cancellation.Token);
    }
}
