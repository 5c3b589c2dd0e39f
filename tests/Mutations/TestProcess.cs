using System.Diagnostics;
using System.Text.Json;

namespace Actors.Mutations;

/// <summary>One process that runs tests of the copy, watched from here.</summary>
internal sealed class TestProcess
{
    private const string Mark = "##mutations ";
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(60);

    private readonly ProcessStartInfo _start;

    /// <param name="assembly">The tests.</param>
    /// <param name="environment">What the switch is told.</param>
    /// <param name="arguments">Of the worker.</param>
    public TestProcess(string assembly, (string Name, string Value) environment, params string[] arguments)
    {
        _start = new ProcessStartInfo(
            "dotnet", ["exec", assembly, "Actors.Mutations.Worker", "Run", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        _start.Environment[environment.Name] = environment.Value;
    }

    /// <summary>Runs until the process has ended, or is not to go on.</summary>
    /// <param name="said">Called with each line of the worker; false: that is enough.</param>
    /// <param name="limit">How long the next line may take, by the name of the test that runs; null before the
    /// first.</param>
    /// <returns>The test that was cut off by its limit or the end of the process; null when none was.</returns>
    public async Task<(string Test, string How)?> RunAsync(Func<JsonElement, bool> said, Func<string, TimeSpan> limit)
    {
        using var process = Process.Start(_start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string? running = null;
        var deadline = Stopwatch.GetTimestamp() + (long)(Starting.TotalSeconds * Stopwatch.Frequency);
        try
        {
            while (true)
            {
                var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
                var line = await process.StandardOutput.ReadLineAsync()
                    .WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                if (line is null)
                {
                    await process.WaitForExitAsync();
                    return running is null && process.ExitCode == 0
                        ? null
                        : (running ?? "the start", $"the process ended with {process.ExitCode}");
                }

                if (!line.StartsWith(Mark, StringComparison.Ordinal))
                {
                    continue;
                }

                var message = JsonDocument.Parse(line[Mark.Length..]).RootElement;
                var next = Starting;
                running = null;
                if (message.TryGetProperty("begins", out var begins))
                {
                    running = begins.GetString()!;
                    next = limit(running);
                }
                else if (!said(message))
                {
                    return null;
                }

                deadline = Stopwatch.GetTimestamp() + (long)(next.TotalSeconds * Stopwatch.Frequency);
            }
        }
        catch (TimeoutException)
        {
            return (running ?? "the start", "no end within its time");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
