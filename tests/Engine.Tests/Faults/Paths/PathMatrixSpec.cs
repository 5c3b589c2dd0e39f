using System.Diagnostics;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Actors.Engine.Tests.Structure;
using Xunit;

namespace Actors.Engine.Tests.Faults.Paths;

/// <summary>
/// Each system call of each command on paths fails, once, with each errno of its manual page. The command was not
/// performed, was performed, or was performed and is not durable; the caller can tell which, and the disk agrees. The
/// outcomes are written down in docs/path-commands.md.
/// </summary>
public sealed class PathMatrixSpec
{
    private const string Page = "docs/path-commands.md";
    private const string Performed = "performed";
    private const string NotPerformed = "not performed";
    private const string NotDurable = "not durable";
    private const string InPart = "in part";

    [SkippableFact]
    public async Task Every_call_that_fails_has_an_outcome_that_the_disk_agrees_with()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Directory.Exists("/dev/shm"), "system calls of Linux, on tmpfs");
        var faults = new PathFaults();
        var rows = new List<string>();
        var wrong = new List<string>();
        var runs = 0;
        await EngineScenario.RunAsync(
            "sync",
            async scenario =>
            {
                // A sync that fails is logged.
                scenario.Faults.Expect(fault => fault is Akka.Event.Error);
                using var disk = new PathDisk();
                foreach (var command in PathCommand.All)
                {
                    var matrix = new Run(scenario.Engine, disk, faults, command);
                    rows.AddRange(await matrix.PerformAsync());
                    runs += matrix.Runs;
                    wrong.AddRange(matrix.Faults);
                }

                Assert.True(wrong.Count == 0, $"{runs} faults\n" + string.Join('\n', wrong));
            },
            "actors.engine.shards = 1", faults.Setup);
        ComparePage(rows, runs);
    }

    /// <summary>Set ACTORS_WRITE_PAGES to have the page written anew.</summary>
    private static void ComparePage(IReadOnlyList<string> rows, int runs)
    {
        var page = SourceTree.TextOf(Page);
        var start = page.IndexOf("| command |", StringComparison.Ordinal);
        var end = page.IndexOf("\n\n", start, StringComparison.Ordinal);
        string[] table =
        [
            "| command | call | outcome |", "|---|---|---|", .. rows,
            $"| {PathCommand.All.Count} commands | | {runs} faults |",
        ];
        var errors = CallErrors.All.OrderBy(call => call.Key, StringComparer.Ordinal)
            .Select(call => $"| {call.Key} | {string.Join(' ', call.Value.Select(NameOf).Order(StringComparer.Ordinal))} |");
        var written = page[..start] + string.Join('\n', table) + "\n\n"
            + string.Join('\n', ["| call | errors |", "|---|---|", .. errors]) + "\n";
        if (Environment.GetEnvironmentVariable("ACTORS_WRITE_PAGES") is not null)
        {
            SourceTree.Write(Page, written);
        }

        Assert.True(end > 0 && written == page, $"{Page} is not what was seen; write it with ACTORS_WRITE_PAGES=1");
    }

    private static string NameOf(int errno) => typeof(Errno).GetFields()
        .First(field => field.IsLiteral && (int)field.GetRawConstantValue()! == errno).Name;

    /// <summary>The faults of one command.</summary>
    private sealed class Run(FileEngine engine, PathDisk disk, PathFaults faults, PathCommand command)
    {
        private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(5);

        private SortedSet<string> _before = [];
        private SortedSet<string> _after = [];
        private string _answer = "";
        private bool _isMade;
        private int _leaked;

        public int Runs { get; private set; }

        /// <summary>Where the disk, or the caller, was told something else.</summary>
        public List<string> Faults { get; } = [];

        /// <summary>A row for each call.</summary>
        public async Task<IEnumerable<string>> PerformAsync()
        {
            disk.Make();
            _before = disk.Look();
            faults.Begin();
            _answer = await command.RunAsync(engine, disk);
            var calls = faults.End();
            _after = disk.Look();
            var rows = new List<(string Call, int First, int Last, string Outcome)>();
            foreach (var call in calls.Distinct())
            {
                for (var nth = 1; nth <= calls.Count(made => made == call); nth++)
                {
                    var outcome = await OutcomesAsync(call, nth);
                    if (rows.Count > 0 && rows[^1].Call == call && rows[^1].Outcome == outcome)
                    {
                        rows[^1] = rows[^1] with { Last = nth };
                    }
                    else
                    {
                        rows.Add((call, nth, nth, outcome));
                    }
                }
            }

            return rows.Select(row =>
                $"| {command.Name} | {row.Call} {row.First}{(row.Last > row.First ? $" to {row.Last}" : "")} | {row.Outcome} |");
        }

        private async Task<string> OutcomesAsync(string call, int nth)
        {
            var outcomes = new List<(string Outcome, int Errno)>();
            foreach (var errno in CallErrors.All[call])
            {
                try
                {
                    outcomes.Add((await OutcomeAsync(call, nth, errno), errno));
                }
                catch (Exception e) when (e is not FileEngineException)
                {
                    _isMade = false;
                    Faults.Add($"{command.Name}: {call} {nth} failed with {NameOf(errno)}: {e.Message}");
                }
            }

            var groups = outcomes.GroupBy(outcome => outcome.Outcome).OrderByDescending(group => group.Count()).ToList();
            return string.Join("; ", groups.Select((group, i) => i == 0
                ? group.Key
                : $"{group.Key}: {string.Join(' ', group.Select(outcome => NameOf(outcome.Errno)).Order(StringComparer.Ordinal))}"));
        }

        private async Task<string> OutcomeAsync(string call, int nth, int errno)
        {
            if (!_isMade)
            {
                disk.Make();
            }

            Runs++;
            faults.Begin(call, nth, errno);
            string outcome;
            try
            {
                var answer = await command.RunAsync(engine, disk);
                outcome = answer == _answer ? Performed : $"answers {answer}";
            }
            catch (FileEngineException e)
            {
                Assert.NotEqual(FailureReason.Unexpected, e.Reason);
                Assert.True(command.IsTemporary || !e.Message.Contains(".tmp", StringComparison.Ordinal), e.Message);
                outcome = e.Reason == FailureReason.NotDurable ? NotDurable : NotPerformed;
            }

            faults.End();
            Assert.True(faults.HasFailed, "the call was not made again");
            await CheckDescriptorsAsync();
            var seen = disk.Look();
            _isMade = seen.SetEquals(_before);
            if (outcome == NotPerformed && !_isMade && command.InParts)
            {
                outcome = InPart;
                Assert.Empty(seen.Except(_before).Except(_after));
            }
            else
            {
                var expected = outcome == NotPerformed ? _before : _after;
                Assert.True(
                    seen.SetEquals(expected),
                    $"{outcome}; too much: {string.Join(", ", seen.Except(expected))}; missing: {string.Join(", ", expected.Except(seen))}");
            }

            return outcome;
        }

        /// <summary>The actor of a file closes it after its answer.</summary>
        private async Task CheckDescriptorsAsync()
        {
            var since = Stopwatch.StartNew();
            IReadOnlyList<string> open;
            while ((open = OpenDescriptors.Below(disk.Path)).Count > _leaked && since.Elapsed < ClosingPatience)
            {
                await Task.Yield();
            }

            if (open.Count > _leaked)
            {
                _leaked = open.Count;
                Assert.Fail($"left open: {string.Join(' ', open)}");
            }
        }
    }
}
