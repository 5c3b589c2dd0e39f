using System.Diagnostics;
using System.Globalization;
using Actors.Adversary.Neighbours;
using Actors.Adversary.Report;

namespace Actors.Adversary.Playing;

/// <summary>
/// Plays seeds for a time, several processes side by side: what kills or hangs a process is a failure of the seed that it
/// was at.
/// </summary>
/// <param name="first">The first seed.</param>
/// <param name="seedsMax">How many at most.</param>
/// <param name="backend">On this backend only; null for the one that the seed draws.</param>
/// <param name="players">Processes at a time.</param>
/// <param name="progress">A line for each failure, and one now and then.</param>
internal sealed class AdversaryRuns(int first, int seedsMax, string? backend, int players, TextWriter progress)
{
    /// <summary>Seeds of one process.</summary>
    private const int Batch = 20;

    /// <summary>Longer than a program takes that finds out by itself that it hangs.</summary>
    private static readonly TimeSpan SeedMax = TimeSpan.FromMinutes(4);

    private readonly Lock _gate = new();
    private readonly List<SeedFailure> _failures = [];
    private readonly int _end = first + seedsMax;
    private int _next = first;
    private int _played;

    public Tally Tally { get; } = new();

    public IReadOnlyList<SeedFailure> Failures => _failures;

    public int Played => Volatile.Read(ref _played);

    /// <summary>One after the last seed that was begun.</summary>
    public int End => Volatile.Read(ref _next);

    /// <summary>Plays until the time is over, or all seeds are played.</summary>
    public async Task RunAsync(TimeSpan time, bool endsAtFailure, CancellationToken cancellation)
    {
        var startedAt = Stopwatch.GetTimestamp();
        bool MayGoOn() => Stopwatch.GetElapsedTime(startedAt) < time && End < _end
            && !cancellation.IsCancellationRequested && !(endsAtFailure && _failures.Count > 0);
        await Task.WhenAll(Enumerable.Range(0, players).Select(async _ =>
        {
            while (MayGoOn())
            {
                var count = Math.Min(Batch, _end - End);
                var from = Interlocked.Add(ref _next, count) - count;
                await PlayAsync(from, count, MayGoOn);
            }
        }));
    }

    private async Task PlayAsync(int from, int count, Func<bool> mayGoOn)
    {
        using var process = Process.Start(Start(from, count))!;
        var (seed, plan) = (from, "");
        while (true)
        {
            var reading = process.StandardOutput.ReadLineAsync();
            string? line;
            try
            {
                line = await reading.WaitAsync(SeedMax);
            }
            catch (TimeoutException)
            {
                Fail(seed, plan, $"the process has not gone on for {SeedMax.TotalMinutes} minutes");
                process.Kill();
                await process.WaitForExitAsync();
                return;
            }

            if (line is null)
            {
                break;
            }

            switch (line.Split('\t', 3))
            {
                case ["begin", var number, var words]:
                    (seed, plan) = (int.Parse(number, CultureInfo.InvariantCulture), words);
                    break;
                case ["breach", var number, var what]:
                    Fail(int.Parse(number, CultureInfo.InvariantCulture), plan, what);
                    break;
                case ["end", ..] when Interlocked.Increment(ref _played) % 100 == 0:
                    await progress.WriteLineAsync($"{Played} seeds, {_failures.Count} failures");
                    break;
                default:
                    Tally.TryAddLine(line);
                    break;
            }

            if (line.StartsWith("end", StringComparison.Ordinal) && !mayGoOn())
            {
                process.StandardInput.Close();
            }
        }

        await process.WaitForExitAsync();
        if (process.ExitCode is not (0 or 1))
        {
            Fail(seed, plan, $"the process ended with {process.ExitCode}");
        }
    }

    private ProcessStartInfo Start(int from, int count)
    {
        var start = new ProcessStartInfo(ThisProgram.DotNet)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        foreach (var word in (string[])[.. ThisProgram.Arguments, Player.Command, $"{from}", $"{count}", backend ?? "-"])
        {
            start.ArgumentList.Add(word);
        }

        return start;
    }

    private void Fail(int seed, string plan, string what)
    {
        lock (_gate)
        {
            _failures.Add(new SeedFailure(seed, plan, what));
        }

        progress.WriteLine($"seed {seed} FAILED: {what}\n  {plan}");
    }
}
