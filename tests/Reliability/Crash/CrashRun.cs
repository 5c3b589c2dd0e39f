using System.Diagnostics;
using System.Globalization;
using Actors.Host.Machine;
using Actors.Reliability.Reporting;

namespace Actors.Reliability.Crash;

/// <summary>Kill after kill: the backends in turn, every fifth victim the console.</summary>
internal sealed class CrashRun(CrashOptions options, TextWriter progress)
{
    private const int ConsoleEvery = 5;

    private readonly CrashFindings _findings = new();
    private int _kills;

    /// <summary>Does them all.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        await using var volume = options.CutsPower ? await LoopVolume.CreateAsync(options.Directory) : null;
        var random = new Random(options.Seed);
        for (; _kills < options.Kills && !cancellation.IsCancellationRequested; _kills++)
        {
            var kill = Next(random, volume?.Directory ?? options.Directory);
            Directory.CreateDirectory(kill.Directory);
            var breaches = _findings.Count;
            await (IsForConsole(_kills)
                ? new ConsoleKill(kill, _findings).RunAsync()
                : new WriterKill(kill, _findings, volume).RunAsync());
            await EndAsync(kill, _findings.Count > breaches);
        }

        return Report(clock.Elapsed);
    }

    // Not where the power is cut: what the console promises of its manifest is for kills.
    private bool IsForConsole(int index) => !options.CutsPower && index % ConsoleEvery == ConsoleEvery - 1;

    private Kill Next(Random random, string directory)
    {
        // A console's backends go round by themselves, so that each of them meets every backend.
        var turn = options.CutsPower ? _kills
            : IsForConsole(_kills) ? _kills / ConsoleEvery
            : _kills - (_kills / ConsoleEvery);
        var backend = options.Backends[turn % options.Backends.Count];
        var seed = random.Next();
        var moment = options.Within * random.NextDouble();
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"kill {_kills} of seed {options.Seed}, {backend}, {moment.TotalMilliseconds:0} ms");
        return new Kill(name, backend, seed, moment, Path.Combine(directory, $"kill-{_kills:0000}"));
    }

    /// <summary>What a breach was found in stays, for whoever looks into it.</summary>
    private async Task EndAsync(Kill kill, bool keep)
    {
        var kept = Path.Combine(options.Directory, Path.GetFileName(kill.Directory));
        if (keep && kept != kill.Directory)
        {
            // The volume goes away with the run.
            Directory.CreateDirectory(kept);
            foreach (var file in Directory.EnumerateFiles(kill.Directory))
            {
                File.Copy(file, Path.Combine(kept, Path.GetFileName(file)), overwrite: true);
            }
        }

        if (!keep || kept != kill.Directory)
        {
            Directory.Delete(kill.Directory, recursive: true);
            File.Delete(kill.Directory + ".conf");
        }

        if (keep || (_kills + 1) % 10 == 0)
        {
            await progress.WriteLineAsync($"{_kills + 1} kills{(keep ? $"; a breach: see {kept}" : "")}");
        }
    }

    private RunReport Report(TimeSpan took)
    {
        var tallies = _findings.Tallies;
        var acknowledged = tallies.Values.Sum(tally => tally.Acknowledged);
        return new RunReport(
            options.CutsPower ? "crash, with power cuts" : "crash",
            [
                ("kills", $"{_kills} of {options.Kills}, seed {options.Seed}, in {took.TotalSeconds:0} s"),
                ("moment", $"0 to {options.Within.TotalMilliseconds:0} ms after the first acknowledgement, SIGKILL"),
                ("backends", string.Join(", ", options.Backends)),
                ("means", options.CutsPower
                    ? "after each kill the victim's file system is shut down without flushing anything, and mounted "
                      + "again: what had not been synced is gone"
                    : "a killed process leaves the page cache to the kernel: this shows that nothing is acknowledged "
                      + "before the kernel has it; whether it is synced before is shown with --power-cut"),
            ],
            Checks(acknowledged),
            [
                Table("By way of writing", "victim", tallies.GroupBy(entry => entry.Key.Style)),
                Table("By backend", "backend", tallies.GroupBy(entry => entry.Key.Backend)),
            ],
            MachineInfo.Of(options.Directory));
    }

    private IReadOnlyList<Check> Checks(long acknowledged) =>
    [
        Check.NoneOf(
            "what was acknowledged as durable is there, whole, in order, at its place; behind it "
            + (options.CutsPower
                ? "nothing but what was under way, or zeros"
                : "at most a prefix of what was under way"),
            _findings.Breaches[CrashPromise.Durable], $"{acknowledged} acknowledged, 0 lost"),
        Check.NoneOf(
            "a replaced file is the old or the new one, for readers meanwhile and after the kill",
            _findings.Breaches[CrashPromise.Replaced], $"{_findings.Reads} reads meanwhile"),
        Check.NoneOf(
            "what a kill leaves beside is recognizable as temporary",
            _findings.Breaches[CrashPromise.LeftOver], $"{_findings.LeftOver} left"),
        .. options.CutsPower
            ? []
            : new[]
            {
                Check.NoneOf(
                    "actors verify says what is complete, partial and missing, and nothing else",
                    _findings.Breaches[CrashPromise.Verdict], $"{_findings.Verdicts} files judged"),
            },
        Check.NoneOf("nothing failed before the kill", _findings.Breaches[CrashPromise.Alive], "none did"),
    ];

    private static ReportTable Table(
        string title,
        string column,
        IEnumerable<IGrouping<string, KeyValuePair<(string, string), CrashTally>>> groups) =>
        new(
            title, [column, "kills", "acknowledged", "found whole"],
            [
                .. groups.OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new[]
                {
                    group.Key,
                    $"{group.Max(entry => entry.Value.Kills)}",
                    $"{group.Sum(entry => entry.Value.Acknowledged)}",
                    $"{group.Sum(entry => entry.Value.Found)}",
                }),
            ]);
}
