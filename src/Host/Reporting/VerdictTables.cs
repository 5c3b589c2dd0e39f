using Actors.Host.Manifests;
using Actors.Host.Terminal;
using Actors.Host.Verification;
using Spectre.Console;

namespace Actors.Host.Reporting;

/// <summary>What <c>actors verify</c> prints.</summary>
internal static class VerdictTables
{
    private const int FilesShown = 10;

    /// <summary>Prints the table of backends, and the first files that are not as they must be.</summary>
    public static void Print(IAnsiConsole console, DirectoryVerdict verdict)
    {
        Say(console, $"{verdict.Directory}: scenario {verdict.Scenario}, last run {StateText(verdict.State)}");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("backend").NoWrap());
        table.AddColumn(new TableColumn("phase").NoWrap());
        foreach (var name in (string[])["files", "complete", "partial", "different", "missing", "foreign", "right"])
        {
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        }

        foreach (var backend in verdict.Backends)
        {
            AddRow(table, backend);
        }

        console.Write(table);
        foreach (var backend in verdict.Backends)
        {
            PrintFiles(console, backend);
        }

        console.WriteLine(verdict.Complete ? "Everything is there." : "Not everything is there.");
    }

    private static void AddRow(Table table, BackendVerdict backend)
    {
        var share = 100.0 * backend.Units / backend.UnitsExpected;
        var state = backend.State == RunState.Done ? backend.Phase : $"{backend.Phase} ({StateText(backend.State)})";
        string[] cells =
        [
            backend.Backend,
            state,
            Figures.Count(backend.Files),
            Figures.Count(backend.Complete),
            Figures.Count(backend.Partial),
            Figures.Count(backend.Different + backend.Unreadable),
            Figures.Count(backend.Missing),
            Figures.Count(backend.Foreign.Count),
            $"{(backend.IsComplete ? 100 : Math.Min(99.9, share)):0.#}% of {backend.Unit}s",
        ];
        var style = backend.IsComplete ? Style.Plain : new Style(Color.Red);
        table.AddRow(cells.Select(c => new Text(Printable.Of(c), style)));
    }

    private static void PrintFiles(IAnsiConsole console, BackendVerdict backend)
    {
        foreach (var file in backend.Incomplete.Where(f => f.Status != FileStatus.Missing).Take(FilesShown))
        {
            Say(console, $"{backend.Backend}/{VerdictText.Describe(file, backend.Unit)}");
        }

        var missing = backend.Incomplete.Where(f => f.Status == FileStatus.Missing).Select(f => f.File).ToList();
        PrintSome(console, $"{backend.Backend}: missing", missing);
        PrintSome(console, $"{backend.Backend}: written by no run, left alone", backend.Foreign);
        var more = backend.Partial + backend.Different + backend.Unreadable - FilesShown;
        if (more > 0)
        {
            console.WriteLine($"{backend.Backend}: and {Figures.Count(more)} more; --json lists all");
        }
    }

    private static void PrintSome(IAnsiConsole console, string label, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            var more = names.Count > FilesShown ? $", and {Figures.Count(names.Count - FilesShown)} more" : "";
            Say(console, $"{label}: {string.Join(", ", names.Take(FilesShown))}{more}");
        }
    }

    // File names, and what a manifest says, may be anybody's.
    private static void Say(IAnsiConsole console, string text) => console.WriteLine(Printable.Of(text));

    private static string StateText(RunState state) => state switch
    {
        RunState.Pending => "not begun",
        RunState.Running => "killed",
        RunState.Done => "done",
        RunState.Failed => "failed",
        _ => "interrupted",
    };
}
