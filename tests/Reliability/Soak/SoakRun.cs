using System.Diagnostics;
using Actors.Engine;
using Actors.Host.Machine;
using Actors.Reliability.Reporting;
using Actors.Reliability.Soak.Fairness;
using Actors.Reliability.Soak.Faults;
using Actors.Reliability.Soak.Sampling;
using Akka.Actor;

namespace Actors.Reliability.Soak;

/// <summary>Mixed load on every backend at once, with faults, until the time is over; then the sums must come out.
/// </summary>
internal sealed class SoakRun(SoakOptions options, TextWriter progress)
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    private readonly SoakCounts _counts = new();
    private readonly FaultCounts _faults = new();
    private readonly List<Sample> _samples = [];
    private readonly List<string> _leaks = [];
    private (Check Check, ReportTable Table)? _fairness;

    /// <summary>Does it.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        var engines = new List<SoakEngine>();
        foreach (var backend in options.Backends)
        {
            engines.Add(new SoakEngine(
                backend, options.Directory, options.Seed + (1000 * engines.Count), _counts, _faults));
        }

        engines.ForEach(engine => engine.Begin(options.Files / engines.Count));
        await SampleAsync(engines, clock, cancellation);
        var took = clock.Elapsed;
        var finished = await Task.WhenAll(engines.Select(engine => engine.FinishAsync()));
        for (var i = 0; i < engines.Count; i++)
        {
            await EndAsync(engines[i], finished[i]);
        }

        foreach (var breach in _counts.Breaches)
        {
            await progress.WriteLineAsync(breach);
        }

        if (options.WarmUp is not null && !cancellation.IsCancellationRequested)
        {
            _fairness = await new FairnessRun(options.Directory, options.Backends).RunAsync();
        }

        return Report(took);
    }

    private async Task SampleAsync(List<SoakEngine> engines, Stopwatch clock, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(SampleInterval);
        while (clock.Elapsed < options.Duration && !cancellation.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            _samples.Add(Sample.Take(clock.Elapsed, engines));
            engines[_samples.Count % engines.Count].CrashBackends();
            if (_samples.Count % 30 == 0)
            {
                await progress.WriteLineAsync(
                    $"{clock.Elapsed.TotalSeconds:0} s: {_counts.Sent} sent, {_counts.Answered} answered, "
                    + $"{_counts.Breaches.Count} breaches");
            }
        }
    }

    /// <summary>When its users are gone, an engine has nothing left, and its threads end.</summary>
    private async Task EndAsync(SoakEngine engine, bool hasFinished)
    {
        if (!hasFinished)
        {
            _counts.Breach($"{engine.Backend}: users wait for answers that do not come");
        }

        // Files that were forgotten, and finalizers that close them.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (!await Settled.UntilAsync(async () => (await CollectAsync(engine)).OpenFiles == 0))
        {
            _leaks.Add($"{engine.Backend}: {(await CollectAsync(engine)).OpenFiles} files open");
        }

        foreach (var shard in engine.Engine.Shards)
        {
            if (!await Settled.UntilAsync(() => Task.FromResult(shard.Buffers.Leased == 0)))
            {
                _leaks.Add($"{engine.Backend} shard {shard.Index}: {shard.Buffers.Leased} buffers leased");
            }
        }

        if (!engine.Engine.Writers.IsEmpty)
        {
            _leaks.Add($"{engine.Backend}: {engine.Engine.Writers.Count} files in the registry of writers");
        }

        await engine.DisposeAsync();
        _leaks.AddRange(
            engine.Engine.Shards.Where(shard => !shard.Loop.Join(SoakLimits.Patience))
                .Select(shard => $"{engine.Backend} shard {shard.Index}: its thread has not ended"));
        var below = engine.PathOf("");
        _leaks.AddRange(
            Directory.GetFileSystemEntries("/proc/self/fd")
                .Select(entry => new FileInfo(entry).LinkTarget ?? "")
                .Where(target => target.StartsWith(below, StringComparison.Ordinal))
                .Select(target => $"{engine.Backend}: a descriptor of {target}"));
        Directory.Delete(below, recursive: true);
    }

    private static Task<EngineMetrics> CollectAsync(SoakEngine engine) =>
        engine.Engine.Metrics.Ask<EngineMetrics>(new CollectMetrics(), SoakLimits.Patience);

    private RunReport Report(TimeSpan took)
    {
        var steadiness = options.WarmUp is { } warmUp ? new Steadiness(_samples, warmUp) : null;
        var figures = $"{_counts.Sent} sent, {_counts.Answered} answered";
        return new RunReport(
            "soak",
            [
                ("load", $"{took.TotalSeconds:0} s, {options.Files} users with a file at a time, seed {options.Seed}"),
                ("engines, all at once", string.Join(", ", options.Backends)),
                ("warm-up", options.WarmUp is { } left
                    ? $"samples of the first {left.TotalSeconds:0} s are left out: until then code is compiled anew, "
                      + "pools and heap grow to what the load needs"
                    : "memory is not judged"),
                ("files opened and closed", $"{_counts.Lives}"),
            ],
            [
                new Check("every command is answered, once", _counts.Sent == _counts.Answered, figures),
                Check.NoneOf(
                    "no answer to nothing, none out of order, no refusal within the credits, no content other than "
                    + "the answers say",
                    _counts.Breaches, $"{_counts.CheckedFiles} files and {_counts.CheckedBytes >> 20} MiB compared"),
                new Check(
                    "who ignores its credits is refused", _counts.FailedBy(FailureReason.MailboxFull) > 0,
                    $"{_counts.FailedBy(FailureReason.MailboxFull)} times"),
                Check.NoneOf(
                    "at the end no file, buffer, descriptor or thread is left", _leaks, "none is"),
                .. steadiness?.Checks() ?? [],
                .. _fairness is { } fairness ? [fairness.Check] : Array.Empty<Check>(),
            ],
            [.. Tables(steadiness)],
            MachineInfo.Of(options.Directory));
    }

    private IEnumerable<ReportTable> Tables(Steadiness? steadiness)
    {
        if (steadiness is not null)
        {
            yield return steadiness.Table();
        }

        if (_fairness is { } fairness)
        {
            yield return fairness.Table;
        }

        yield return new ReportTable(
            "Faults injected", ["fault", "operations"],
            [.. Enum.GetValues<FaultKind>().Skip(1).Select(kind => new[] { $"{kind}", $"{_faults.Of(kind)}" })]);
        yield return new ReportTable(
            "Failures answered", ["reason", "commands"],
            [
                .. Enum.GetValues<FailureReason>().Where(reason => _counts.FailedBy(reason) > 0)
                    .Select(reason => new[] { $"{reason}", $"{_counts.FailedBy(reason)}" }),
            ]);
    }
}
