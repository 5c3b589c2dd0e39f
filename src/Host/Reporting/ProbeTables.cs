using Actors.Host.Terminal;
using Spectre.Console;

namespace Actors.Host.Reporting;

/// <summary>What <c>actors probe</c> prints.</summary>
internal static class ProbeTables
{
    /// <summary>Prints the table of backends, and what auto takes.</summary>
    public static void Print(IAnsiConsole console, ProbeReport report)
    {
        var machine = report.Machine;
        console.WriteLine($"{machine.Os}, kernel {machine.Kernel}, {machine.Cores} cores, {machine.Runtime}");
        console.WriteLine(Printable.Of($"{report.Directory} on {machine.Filesystem}"));
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("backend").NoWrap());
        table.AddColumn(new TableColumn("available").NoWrap());
        table.AddColumn(new TableColumn("details"));
        foreach (var backend in report.Backends)
        {
            table.AddRow(
                new Text(backend.Name),
                new Text(backend.Available ? "yes" : "no", new Style(backend.Available ? Color.Green : Color.Red)),
                new Text(Printable.Of(backend.Available ? backend.Details : backend.Reason)));
        }

        console.Write(table);
        console.WriteLine($"auto takes {report.Auto.Backend}: {report.Auto.Reason}");
        foreach (var (name, value) in report.Limits)
        {
            console.WriteLine($"{name}: {value}");
        }
    }
}
