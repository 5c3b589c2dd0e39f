using System.Diagnostics;
using System.Globalization;
using Actors.Engine;
using Actors.Engine.Actors;
using Actors.Reliability.Reporting;
using Actors.Reliability.Running;
using Actors.Reliability.Soak.Load;
using Akka.Actor;

namespace Actors.Reliability.Soak.Fairness;

/// <summary>
/// A thousand cold files, of which now and then one is written, on the shard of a file that is written without end:
/// what the cold ones wait, without the hot one and beside it. No faults here.
/// </summary>
internal sealed class FairnessRun(string directory, IReadOnlyList<string> backends)
{
    private const int ColdFiles = 1000;
    private const int Callers = 4;
    private const int Writes = 4000;
    private const int Size = 100;

    /// <summary>Milliseconds. A cold write waits behind one run of the hot file's mailbox and one turn of its operations,
    /// some hundred small writes, which is well below one; what a thread is taken off its core for comes to more.
    /// Measured on two cores that others used as well, at a load of 25: 0.15 to 9.3. Somebody who waits for the hot
    /// file to be done waits for ever.</summary>
    private const double P99Max = 50;

    private readonly List<string[]> _rows = [];
    private readonly List<string> _slow = [];

    /// <summary>Does it, a backend after the other.</summary>
    /// <returns>What is promised, and the figures.</returns>
    public async Task<(Check Check, ReportTable Table)> RunAsync()
    {
        foreach (var backend in backends)
        {
            await MeasureAsync(backend);
        }

        var check = Check.NoneOf(
            $"one hot file beside {ColdFiles} cold ones: the cold ones' p99 is at most {P99Max} ms", _slow,
            "it is, on every backend");
        var table = new ReportTable(
            $"{Writes} writes to {ColdFiles} cold files, {Callers} at a time, all on one shard, in us",
            ["backend", "alone, p50", "alone, p99", "beside the hot one, p50", "p99", "most"], _rows);
        return (check, table);
    }

    private async Task MeasureAsync(string backend)
    {
        var below = Directory.CreateDirectory(Path.Combine(directory, $"fairness-{backend}")).FullName;
        using var system = ActorSystem.Create("fairness", EngineConfig.Of(backend));
        var engine = system.FileEngine();
        var files = new EngineFile[ColdFiles];
        for (var i = 0; i < ColdFiles; i++)
        {
            // A time limit that nothing reaches: with it every write goes by way of the shard under auto, as it does on
            // the others, of which some refuse a limit.
            files[i] = await engine.OpenAsync(
                Path.Combine(below, $"cold-{i}"), OpenMode.ReadWrite,
                new OpenOptions { Shard = 0, OperationTimeout = backend == "auto" ? SoakLimits.Patience : null });
        }

        await WriteColdAsync(files);
        var alone = await WriteColdAsync(files);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hot = system.ActorOf(
            ActorFactory<HotFile>.Props(() => new HotFile(engine, Path.Combine(below, "hot"), closed)));
        await WriteColdAsync(files);
        var beside = await WriteColdAsync(files);
        hot.Tell(FinishLoad.Instance);
        await closed.Task;
        foreach (var file in files)
        {
            await file.DisposeAsync();
        }

        await system.Terminate();
        Directory.Delete(below, recursive: true);
        Judge(backend, alone, beside);
    }

    private void Judge(string backend, double[] alone, double[] beside)
    {
        _rows.Add(
            [backend, Show(alone, 0.5), Show(alone, 0.99), Show(beside, 0.5), Show(beside, 0.99), Show(beside, 1)]);
        if (At(beside, 0.99) > P99Max * 1000)
        {
            _slow.Add($"{backend}: p99 {Show(beside, 0.99)} us beside the hot file, {Show(alone, 0.99)} us alone");
        }
    }

    /// <returns>How long each write took, in microseconds, in order of length.</returns>
    private static async Task<double[]> WriteColdAsync(EngineFile[] files)
    {
        var times = new double[Writes];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < Writes; i = Interlocked.Increment(ref next))
            {
                var start = Stopwatch.GetTimestamp();
                await files[i * 7 % ColdFiles].WriteAsync(0, SoakData.Of(1, i, Size));
                times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        })));
        Array.Sort(times);
        return times;
    }

    private static double At(double[] sorted, double part) =>
        sorted[Math.Min((int)(sorted.Length * part), sorted.Length - 1)];

    private static string Show(double[] sorted, double part) =>
        At(sorted, part).ToString("0", CultureInfo.InvariantCulture);
}
