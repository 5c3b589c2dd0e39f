using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Actors.Samples.Tests;

/// <summary>A sample that runs as a process of its own.</summary>
internal sealed partial class SampleProcess : IDisposable
{
    // Not SIGINT, which a shell has ignored by what it runs in the background, these tests among it.
    private const int SigTerm = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _error;

    private SampleProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public static SampleProcess Start(string sample, params string[] args)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, $"Actors.Samples.{sample}.dll");
        return new SampleProcess(Process.Start(new ProcessStartInfo("dotnet", [assembly, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    public static async Task<SampleResult> RunAsync(string sample, params string[] args)
    {
        using var process = Start(sample, args);
        return await process.EndAsync();
    }

    /// <summary>Reads the standard output until a line has the text.</summary>
    public async Task ReadUntilAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The process ended without \"{text}\": {await _error}");
    }

    public void Interrupt() => Assert.Equal(0, kill(_process.Id, SigTerm));

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<SampleResult> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return new SampleResult(_process.ExitCode, output, await _error);
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
