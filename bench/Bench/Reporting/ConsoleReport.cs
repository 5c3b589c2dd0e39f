using Actors.Bench.Contests;
using Actors.Bench.Targets;
using Spectre.Console;

namespace Actors.Bench.Reporting;

/// <summary>Results on the console: each contest as it ends, the targets at the end.</summary>
internal sealed class ConsoleReport(IAnsiConsole console)
{
    /// <summary>One contest.</summary>
    public void Print(ContestResult contest, bool isBrief)
    {
        Heading($"{contest.Name}: {contest.Summary}", isBrief);
        Table(ContestTable.Headings(contest), ContestTable.Rows(contest), leftColumns: 1);
        console.WriteLine($"ours : this = {contest.Reference} by the contestant, round by round: median (min-max)");
        foreach (var note in ContestTable.Notes(contest))
        {
            console.WriteLine(note);
        }
    }

    /// <summary>The targets that could be decided.</summary>
    public void Print(IReadOnlyList<TargetResult> targets)
    {
        if (targets.Count > 0)
        {
            Heading("targets", isBrief: false);
            Table(TargetResult.Headings, targets.Select(t => t.Row()), leftColumns: 2);
        }
    }

    private void Heading(string text, bool isBrief)
    {
        console.WriteLine();
        console.Write(new Text(text, new Style(decoration: Decoration.Bold)));
        console.WriteLine();
        if (isBrief)
        {
            console.WriteLine(MarkdownReport.BriefNotice);
        }
    }

    private void Table(string[] headings, IEnumerable<string[]> rows, int leftColumns)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (var i = 0; i < headings.Length; i++)
        {
            var column = new TableColumn(headings[i].EscapeMarkup()).NoWrap().Padding(0, 0, 1, 0);
            table.AddColumn(i < leftColumns ? column : column.RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        console.Write(table);
    }
}
