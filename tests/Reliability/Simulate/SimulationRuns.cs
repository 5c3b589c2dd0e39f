using System.Collections.Concurrent;
using System.Diagnostics;
using Actors.Host.Machine;
using Actors.Reliability.Reporting;
using Actors.Simulation.Checking;
using Actors.Simulation.Face;

namespace Actors.Reliability.Simulate;

/// <summary>Seeds one after the other, on every core.</summary>
internal sealed class SimulationRuns(int first, int count, int faces, TextWriter progress)
{
    private const int ProgressEvery = 500;

    private readonly ConcurrentBag<SimulationReport> _reports = [];
    private readonly ConcurrentBag<string> _breaches = [];
    private readonly ConcurrentBag<string> _faceBreaches = [];
    private int _done;
    private int _facesDone;

    /// <summary>Prints what happened in each run.</summary>
    public bool IsTraced { get; init; }

    public RunReport Run(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        Parallel.For(0, count + faces, (i, loop) =>
        {
            if (cancellation.IsCancellationRequested)
            {
                loop.Stop();
                return;
            }

            if (i < count)
            {
                Play(first + i);
            }
            else
            {
                PlayFace(first + i - count);
            }

            if (Interlocked.Increment(ref _done) % ProgressEvery == 0)
            {
                var failed = _breaches.Count + _faceBreaches.Count;
                progress.WriteLine($"{_done} of {count + faces}, {failed} of them failed");
            }
        });
        return Report(watch.Elapsed);
    }

    private void Play(int seed)
    {
        var trace = "";
        try
        {
            var report = SimulationRun.Run(seed);
            trace = report.Trace;
            _reports.Add(report with { Trace = "" });
        }
        catch (SimulationFailedException e)
        {
            trace = e.Trace;
            _breaches.Add(e.Message);
            progress.WriteLine(e.Message);
        }

        if (IsTraced)
        {
            progress.Write(trace);
        }
    }

    private void PlayFace(int seed)
    {
        try
        {
            FaceRun.Run(seed);
            Interlocked.Increment(ref _facesDone);
        }
        catch (SimulationFailedException e)
        {
            _faceBreaches.Add(e.Message);
            progress.WriteLine(e.Message);
        }
    }

    private RunReport Report(TimeSpan elapsed)
    {
        var commands = _reports.Sum(report => report.Commands);
        var crashes = _reports.Sum(report => report.Crashes);
        return new RunReport(
            "Simulation",
            [
                ("seeds", $"{first} to {first + count - 1}"),
                ("time", $"{elapsed.TotalSeconds:0} s"),
                ("commands", $"{commands}"),
                ("steps of executors and event loops", $"{_reports.Sum(report => report.Steps)}"),
                ("operations that the disk failed", $"{_reports.Sum(report => report.Failures)}"),
            ],
            [
                Check.NoneOf(
                    "exactly one answer to each command, of the right kind, from the right sender, and true; content as "
                    + "answered; limits kept; nothing left in flight, leased, open or alive",
                    _breaches,
                    $"{_reports.Count} runs, {commands} commands"),
                Check.NoneOf(
                    "what was called durable is in whatever a crash of the machine leaves", _breaches,
                    $"{crashes} crashes tried"),
                Check.NoneOf(
                    "the async face: each call does what it says, appends in the order of the calls, nothing left",
                    _faceBreaches, $"{_facesDone} runs of 3 clients"),
            ],
            [],
            MachineInfo.Of(Directory.GetCurrentDirectory()));
    }
}
