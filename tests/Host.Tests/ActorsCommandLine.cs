using Actors.Host.Running;

namespace Actors.Host.Tests;

/// <summary>Runs the command in this process, through the entry point that the process has.</summary>
internal static class ActorsCommandLine
{
    public static string Shipped(string name) => Path.Combine(AppContext.BaseDirectory, "hocon", name);

    public static async Task<CommandResult> RunAsync(params string[] args)
    {
        using var interruption = new Interruption();
        return await RunAsync(interruption, new StringWriter(), args);
    }

    public static async Task<CommandResult> RunAsync(
        Interruption interruption, StringWriter error, params string[] args)
    {
        var output = new StringWriter();
        var exitCode = await Program.RunAsync(args, output, error, interruption);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }
}
