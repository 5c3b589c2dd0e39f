using System.Diagnostics;

namespace Actors.Bench.Tools;

/// <summary>A command that ran to its end.</summary>
/// <param name="ExitCode">As it ended.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    /// <summary>The last line that it wrote to tell what is wrong.</summary>
    public string LastError =>
        (Error.Trim().Length > 0 ? Error : Output).Trim().Split('\n')[^1].Trim();

    /// <summary>Runs a command; cancelling kills it.</summary>
    /// <param name="program">Full path.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <param name="started">Given the process when it runs, to watch it.</param>
    public static async Task<Command> RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellation = default,
        Action<Process>? started = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        started?.Invoke(process);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new Command(process.ExitCode, await output, await error);
    }
}
