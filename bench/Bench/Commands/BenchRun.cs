using System.Globalization;
using Actors.Bench.Contests;
using Actors.Bench.Reporting;
using Actors.Bench.Targets;
using Actors.Bench.Tools;
using Actors.Host.Terminal;

namespace Actors.Bench.Commands;

/// <summary>Runs groups of contests, shows each result when it is there, and saves the report.</summary>
/// <param name="consoles">Results to the standard output, progress to the other.</param>
/// <param name="scale">How much.</param>
/// <param name="directory">Where the contestants' files go.</param>
/// <param name="output">Where the report goes.</param>
internal sealed class BenchRun(Consoles consoles, Scale scale, string directory, string output)
{
    /// <summary>Runs them.</summary>
    /// <returns>False when a contestant failed.</returns>
    public async Task<bool> RunAsync(IReadOnlyList<Group> groups, CancellationToken cancellation)
    {
        var toolbox = new Toolbox(Path.Combine(directory, ".tools"));
        var machine = await MachineFacts.CollectAsync(directory);
        var tables = new ConsoleReport(consoles.Results);
        var results = new List<GroupResult>();
        foreach (var group in groups)
        {
            var contests = new List<ContestResult>();
            foreach (var contest in group.Contests)
            {
                await using var run = new ContestRun(contest, directory, scale, consoles.Error.WriteLine);
                contests.Add(await run.RunAsync(toolbox, cancellation));
                tables.Print(contests[^1], scale.IsBrief);
            }

            results.Add(new GroupResult(group.Name, group.Summary, contests));
        }

        var contestsRun = results.SelectMany(g => g.Contests).ToList();
        // Small work decides nothing.
        var targets = scale.IsBrief
            ? []
            : TargetTable.All.Select(t => t.Decide(contestsRun)).OfType<TargetResult>().ToList();
        tables.Print(targets);
        var report = new BenchReport(
            BenchReport.CurrentSchema, scale.IsBrief, scale.Rounds, machine, results, targets);
        Save(report);
        return report.IsGood;
    }

    private void Save(BenchReport report)
    {
        var date = report.Machine.Date.ToString("yyyy-MM-dd-HHmmss", CultureInfo.InvariantCulture);
        var path = Path.Combine(output, report.IsBrief ? $"{date}-brief" : date);
        File.WriteAllText($"{path}.md", MarkdownReport.Render(report));
        File.WriteAllText($"{path}.json", report.ToJson());
        consoles.Error.WriteLine($"Saved: {path}.md and .json");
    }
}
