using Actors.Bench.Contests;
using Spectre.Console;

namespace Actors.Bench.Reporting;

/// <summary>Results on the console: each contest as it ends, the targets at the end.</summary>
internal sealed class ConsoleReport(IAnsiConsole console)
{
    /// <summary>One contest.</summary>
    public void Print(ContestResult contest, bool isBrief)
    {
        console.WriteLine();
        Heading($"{contest.Name}: {contest.Summary}");
        if (isBrief)
        {
            console.WriteLine(MarkdownReport.BriefNotice);
        }

        Table(ContestTable.Headings(contest), ContestTable.Rows(contest));
        console.WriteLine($"ours : this = {contest.Reference} by the contestant, round by round: median, min, max");
        foreach (var note in ContestTable.Notes(contest))
        {
            console.WriteLine(note);
        }
    }

    private void Heading(string text)
    {
        console.Write(new Text(text, new Style(decoration: Decoration.Bold)));
        console.WriteLine();
    }

    private void Table(string[] headings, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (var i = 0; i < headings.Length; i++)
        {
            var column = new TableColumn(headings[i].EscapeMarkup()).NoWrap().Padding(0, 0, 1, 0);
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        console.Write(table);
    }
}
