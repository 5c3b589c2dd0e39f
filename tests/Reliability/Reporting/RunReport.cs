using System.Globalization;
using System.Text;
using Actors.Host.Machine;

namespace Actors.Reliability.Reporting;

/// <summary>What was run, what was counted, and whether every promise held.</summary>
/// <param name="Title">The run.</param>
/// <param name="Facts">What was run, and with what: name and value.</param>
/// <param name="Checks">The promises.</param>
/// <param name="Tables">The figures.</param>
/// <param name="Machine">Where.</param>
internal sealed record RunReport(
    string Title,
    IReadOnlyList<(string Name, string Value)> Facts,
    IReadOnlyList<Check> Checks,
    IReadOnlyList<ReportTable> Tables,
    MachineInfo Machine)
{
    /// <summary>True when every promise held.</summary>
    public bool Held => Checks.All(check => check.Held);

    /// <summary>For people.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        Append(text, $"# {Title}: {(Held ? "every check held" : "FAILED")}\n\n");
        foreach (var (name, value) in Facts)
        {
            Append(text, $"- {name}: {value}\n");
        }

        Append(text, $"- machine: {Machine.Os}, kernel {Machine.Kernel}, {Machine.Cores} cores, ");
        Append(text, $"{Machine.Filesystem}, {Machine.Runtime}; {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC\n");
        Table(text, new ReportTable(
            "Checks", ["promise", "held", "seen"],
            [.. Checks.Select(check => new[] { check.Promise, check.Held ? "yes" : "NO", check.Seen })]));
        foreach (var table in Tables)
        {
            Table(text, table);
        }

        return text.ToString();
    }

    private static void Table(StringBuilder text, ReportTable table)
    {
        Append(text, $"\n## {table.Title}\n\n");
        Row(text, table.Head);
        Row(text, [.. table.Head.Select(_ => "---")]);
        foreach (var row in table.Rows)
        {
            Row(text, row);
        }
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => Append(
        text, $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|").ReplaceLineEndings(" ")))} |\n");

    private static void Append(StringBuilder text, FormattableString piece) =>
        text.Append(piece.ToString(CultureInfo.InvariantCulture));
}
