using System.Diagnostics;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>Programs of the system that a test needs, and without which it is skipped.</summary>
internal static class Tool
{
    public static bool IsRoot => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    public static void SkipUnlessRoot() => Skip.IfNot(IsRoot, "needs root");

    public static void SkipUnlessThere(string name) =>
        Skip.If(!OperatingSystem.IsLinux() || PathOf(name) is null, $"needs {name}");

    /// <summary>Where a program is, or null.</summary>
    public static string? PathOf(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(directory => Path.Combine(directory, name))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a command to its end and gathers what it says.</summary>
    public static async Task<ToolResult> RunAsync(string[] command)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        // What limits of files would hit in the runtime: code that is mapped twice by a file in memory, and a thread
        // that comes and goes to compile again.
        process.StartInfo.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        process.StartInfo.Environment["DOTNET_TieredCompilation"] = "0";
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(10 * EngineScenario.Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ToolResult(process.ExitCode, await output + await errors);
    }

    /// <summary>Runs a command that has to succeed.</summary>
    public static async Task DoAsync(params string[] command)
    {
        var result = await RunAsync(command);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)}: {result.Output}");
    }
}

/// <summary>How a program ended, and what it said.</summary>
internal sealed record ToolResult(int ExitCode, string Output);
