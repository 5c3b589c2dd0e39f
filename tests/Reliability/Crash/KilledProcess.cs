using System.Diagnostics;

namespace Actors.Reliability.Crash;

/// <summary>A .NET program of this directory as a process of its own, which is going to be killed.</summary>
internal sealed class KilledProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private KilledProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it.</summary>
    /// <param name="assembly">Its file, beside this program.</param>
    /// <param name="arguments">Passed as they are.</param>
    public static KilledProcess Start(string assembly, IEnumerable<string> arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, assembly);
        var start = new ProcessStartInfo("dotnet", [path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new KilledProcess(Process.Start(start)!);
    }

    /// <summary>What it writes.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Kills it by SIGKILL after a time, unless it ends before.</summary>
    /// <returns>False when it has ended by itself.</returns>
    public async Task<bool> KillAfterAsync(TimeSpan time)
    {
        using var moment = new CancellationTokenSource(time);
        try
        {
            await _process.WaitForExitAsync(moment.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            return true;
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Exit code, and what it wrote to the standard error.</returns>
    public async Task<(int ExitCode, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync();
        return (_process.ExitCode, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
