using System.CommandLine;
using System.Diagnostics;
using Actors.Adversary.Playing;
using Actors.Adversary.Report;
using Actors.Host.Machine;
using Actors.Reliability.Reporting;
using Actors.Reliability.Verbs;

namespace Actors.Reliability.Adversary;

/// <summary><c>adversary</c>: clients of every kind, faults, stops and neighbours on real files, from seeds.</summary>
internal sealed class AdversaryVerb : IVerb
{
    private readonly Option<double> _minutes = new("--minutes")
    {
        HelpName = "N", Description = "How long.", DefaultValueFactory = _ => 60,
    };

    private readonly Option<int> _first = new("--first")
    {
        HelpName = "N", Description = "The first seed.", DefaultValueFactory = _ => 0,
    };

    private readonly Option<int?> _seed = new("--seed") { HelpName = "N", Description = "Only this one." };

    private readonly Option<string?> _backend = new("--backend")
    {
        HelpName = "NAME", Description = "On this backend, whatever the seed draws.",
    };

    private readonly Option<int> _players = new("--players")
    {
        HelpName = "N", Description = "Processes at a time.", DefaultValueFactory = _ => 3 * Environment.ProcessorCount,
    };

    private readonly Option<bool> _stop = new("--until-failure") { Description = "Ends with the first failure." };

    public string Name => "adversary";

    public string Description => "Plays random programs of many clients on real files: with faults of system calls, "
        + "cancels, stops and another process at the same files, and checks all.";

    public IReadOnlyList<Option> Options => [_minutes, _first, _seed, _backend, _players, _stop];

    public async Task<RunReport> RunAsync(ParseResult parsed, TextWriter progress, CancellationToken cancellation)
    {
        var (minutes, seed, players) =
            (parsed.GetValue(_minutes), parsed.GetValue(_seed), parsed.GetValue(_players));
        if (minutes <= 0 || players < 1)
        {
            throw new VerbUsageException("--minutes must be more than 0, --players 1 or more");
        }

        var backend = parsed.GetValue(_backend);
        var first = seed ?? parsed.GetValue(_first);
        var runs = seed is null
            ? new AdversaryRuns(first, int.MaxValue - first, backend, players, progress)
            : new AdversaryRuns(first, 1, backend, 1, progress);
        var startedAt = Stopwatch.GetTimestamp();
        await runs.RunAsync(TimeSpan.FromMinutes(minutes), parsed.GetValue(_stop), cancellation);
        return Report(runs, first, backend, Stopwatch.GetElapsedTime(startedAt));
    }

    private static RunReport Report(AdversaryRuns runs, int first, string? backend, TimeSpan took)
    {
        var tally = runs.Tally;
        var option = backend is null ? "" : $" --backend {backend}";
        string[] breaches =
        [
            .. runs.Failures.Select(failure => $"{failure.What}; {failure.Plan}; again: dotnet run -c Release --project "
                + $"tests/Reliability -- adversary --seed {failure.Seed}{option}"),
        ];
        return new RunReport(
            "Adversary",
            [
                ("seeds", $"{first} to {runs.End - 1}, {runs.Played} played to the end"),
                ("time", $"{took.TotalMinutes:0.0} minutes"),
                ("programs", $"{tally.Sum("programs")}"),
                ("calls", $"{tally.Sum("calls")}"),
                ("calls that failed", $"{tally.Sum("failures")}"),
                ("faults of system calls", $"{tally.Sum("faults")}"),
                ("stops of engines", $"{tally.Sum("stops")}"),
                ("acts of neighbours", $"{tally.Sum("neighbours")}"),
            ],
            [
                Check.NoneOf(
                    "one outcome of each call, in time, and true; content as told, nobody else's; stops by their "
                    + "deadline; nothing left open, leased or running; no memory written after it was given back",
                    breaches, $"{tally.Sum("programs")} programs, {tally.Sum("calls")} calls"),
            ],
            [
                Table(tally, "Programs by backend", "programs"),
                Table(tally, "Calls", "calls"),
                Table(tally, "Calls that failed, by reason", "failures"),
                Table(tally, "Faults of system calls", "faults"),
                Table(tally, "Stops", "stops"),
                Table(tally, "Drains of an engine behind writes", "drains"),
                Table(tally, "Floods of appends, by the end of their file", "floods"),
                Table(tally, "Neighbours", "neighbours"),
            ],
            MachineInfo.Of(Path.GetTempPath()));
    }

    private static ReportTable Table(Tally tally, string title, string kind) => new(
        title, [kind, "count"], [.. tally.Of(kind).Select(entry => new[] { entry.Name, $"{entry.Count}" })]);
}
