using System.Globalization;
using System.Text;
using Actors.Bench.Contests;
using Actors.Bench.Targets;

namespace Actors.Bench.Reporting;

/// <summary>The report for people to keep.</summary>
internal static class MarkdownReport
{
    /// <summary>Stands over everything that a brief run shows.</summary>
    public const string BriefNotice = "BRIEF: small work, few rounds. Shows that it works; not to be quoted.";

    /// <summary>Renders it.</summary>
    public static string Render(BenchReport report)
    {
        var text = new StringBuilder();
        text.AppendLine("# Bench").AppendLine();
        if (report.IsBrief)
        {
            text.AppendLine($"**{BriefNotice}**").AppendLine();
        }

        AppendMachine(text, report);
        if (report.Targets.Count > 0)
        {
            text.AppendLine().AppendLine("## targets").AppendLine();
            AppendTable(text, TargetResult.Headings, report.Targets.Select(t => t.Row()));
        }

        foreach (var group in report.Groups)
        {
            text.AppendLine().AppendLine($"## {group.Name}").AppendLine().AppendLine(group.Summary);
            foreach (var contest in group.Contests)
            {
                AppendContest(text, contest);
            }
        }

        return text.ToString();
    }

    private static void AppendMachine(StringBuilder text, BenchReport report)
    {
        var (date, commit, cpu, load, machine, tools) = report.Machine;
        var when = date.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        text.AppendLine(
            $"{when}, commit {commit}; {report.Rounds} interleaved rounds. {machine.Cores} cores ({cpu}), kernel " +
            $"{machine.Kernel}, {machine.Filesystem}, {machine.Runtime}; load at the start {Numbers.Short(load)}. " +
            $"{string.Join("; ", tools.Select(t => $"{t.Key}: {t.Value}"))}.");
    }

    private static void AppendContest(StringBuilder text, ContestResult contest)
    {
        text.AppendLine().AppendLine($"### {contest.Name}").AppendLine().AppendLine($"{contest.Summary}.").AppendLine();
        AppendTable(text, ContestTable.Headings(contest), ContestTable.Rows(contest));
        text.AppendLine().AppendLine(
            $"ours : this = {contest.Reference} by the contestant, round by round: median (min-max).");
        foreach (var note in ContestTable.Notes(contest))
        {
            text.AppendLine($"- {note}");
        }
    }

    private static void AppendTable(StringBuilder text, string[] headings, IEnumerable<string[]> rows)
    {
        AppendRow(text, headings);
        AppendRow(text, headings.Select((_, i) => i == 0 ? "---" : "--:"));
        foreach (var row in rows)
        {
            AppendRow(text, row);
        }
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.AppendLine($"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|")))} |");
}
