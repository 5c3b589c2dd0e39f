using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Actors.Host.Tests;

/// <summary>Runs the command as a process of its own.</summary>
internal sealed partial class ActorsProcess : IDisposable
{
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigTerm = 15;

    /// <summary>Long enough that only a hang reaches it; what runs for ever is killed then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;

    private ActorsProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Starts it; <paramref name="shell"/> stands before it, such as <c>ulimit -n 200;</c>.</summary>
    public static ActorsProcess Start(string shell, params string[] args)
    {
        var command = $"{shell} exec dotnet '{Path.Combine(AppContext.BaseDirectory, "Actors.Host.dll")}' \"$@\"";
        var start = new ProcessStartInfo("/bin/sh", ["-c", command, "actors", .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ActorsProcess(Process.Start(start)!);
    }

    /// <summary>Reads the standard error until a line has the text.</summary>
    public async Task ReadErrorUntilAsync(string text)
    {
        while (await _process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The process ended without \"{text}\".");
    }

    /// <summary>Whether this process, and so its children, have the signal ignored, as what a shell runs in the background
    /// has SIGINT.</summary>
    public static bool Ignores(int signal)
    {
        const string Label = "SigIgn:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Label, StringComparison.Ordinal));
        return (Convert.ToUInt64(line[Label.Length..].Trim(), 16) >> (signal - 1) & 1) == 1;
    }

    public void Signal(int signal) => Assert.Equal(0, kill(_process.Id, signal));

    public void Kill() => _process.Kill();

    public async Task<CommandResult> EndAsync()
    {
        var error = await _process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        var output = await _output.WaitAsync(Patience);
        await _process.WaitForExitAsync();
        return new CommandResult(_process.ExitCode, output, error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
