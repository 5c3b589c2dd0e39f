using Actors.Host.Scenarios;
using Spectre.Console;

namespace Actors.Host.Reporting;

/// <summary>
/// The tables at the end of a run: time and memory in the manner of the article, ours beside the article's where the
/// workload is the same, and then what each run took.
/// </summary>
internal sealed class RunTables
{
    private const int WideColumns = 118;

    private readonly IAnsiConsole _console;
    private readonly RunReport _report;
    private readonly bool _isWide;

    private RunTables(IAnsiConsole console, RunReport report)
    {
        _console = console;
        _report = report;
        _isWide = console.Profile.Width >= WideColumns;
    }

    /// <summary>Prints the tables.</summary>
    public static void Print(IAnsiConsole console, RunReport report, ScenarioSettings scenario)
    {
        var tables = new RunTables(console, report);
        tables.PrintHeading();
        if (report.Runs.Count > 0)
        {
            tables.PrintComparison(scenario);
            tables.PrintDetails();
        }

        tables.PrintNotes();
    }

    private void PrintHeading()
    {
        var machine = _report.Machine;
        _console.WriteLine();
        _console.Write(new Text($"{_report.Scenario.Name}", new Style(decoration: Decoration.Bold)));
        _console.WriteLine(
            $"  {machine.Kernel}, {machine.Cores} cores, {machine.Filesystem}, {machine.Runtime}");
    }

    private void PrintComparison(ScenarioSettings scenario)
    {
        var write = First(scenario, PhaseOperation.Write);
        var read = First(scenario, PhaseOperation.Read);
        if (write is null)
        {
            return;
        }

        var isArticle = IsArticle(scenario, write);
        var table = NewTable("backend");
        AddPhaseColumns(table, write);
        AddPhaseColumns(table, read);
        if (isArticle && _isWide)
        {
            table.AddColumn(Column("article"));
            AddColumns(table, "write s", "peak", "read s", "peak");
        }

        foreach (var backend in _report.Runs.Select(r => r.Backend).Distinct())
        {
            AddComparison(table, backend, write, read, isArticle);
        }

        _console.Write(table);
        _console.WriteLine(isArticle
            ? "peak = managed heap and engine buffers together; the article's is Python's, by tracemalloc"
            : "peak = managed heap and engine buffers together");
    }

    private void AddComparison(
        Table table, string backend, PhaseSettings write, PhaseSettings? read, bool isArticle)
    {
        var cells = new List<string> { backend };
        AddPhaseCells(cells, backend, write);
        AddPhaseCells(cells, backend, read);
        var article = isArticle ? ArticleFigures.For(backend) : null;
        if (isArticle && _isWide)
        {
            cells.AddRange(article is null
                ? ["", "", "", "", ""]
                : [
                    article.Name,
                    Figures.Seconds(article.WriteSeconds),
                    Figures.Bytes(article.WritePeakBytes),
                    Figures.Seconds(article.ReadSeconds),
                    Figures.Bytes(article.ReadPeakBytes),
                ]);
        }

        AddRow(table, cells, default);
        if (article is not null && !_isWide)
        {
            AddArticleBelow(table, article);
        }
    }

    // Too narrow for ours and theirs side by side: theirs goes below, in the same columns.
    private static void AddArticleBelow(Table table, ArticleFigures article)
    {
        const double lines = ArticleFigures.Files * ArticleFigures.LinesPerFile;
        AddRow(
            table,
            [
                $"  {article.Name}",
                Figures.Seconds(article.WriteSeconds),
                Figures.Rate(lines / article.WriteSeconds),
                Figures.Bytes(article.WritePeakBytes),
                Figures.Seconds(article.ReadSeconds),
                Figures.Rate(lines / article.ReadSeconds),
                Figures.Bytes(article.ReadPeakBytes),
            ],
            new Style(foreground: Color.Grey));
    }

    private void AddPhaseColumns(Table table, PhaseSettings? phase)
    {
        if (phase is not null)
        {
            var unit = phase.Unit == PhaseUnit.Line ? "lines/s" : "blocks/s";
            AddColumns(table, $"{phase.Name} s", unit, "peak");
        }
    }

    private void AddPhaseCells(List<string> cells, string backend, PhaseSettings? phase)
    {
        if (phase is null)
        {
            return;
        }

        var run = _report.Runs.FirstOrDefault(r => r.Backend == backend && r.Phase == phase.Name);
        cells.AddRange(run is null
            ? ["-", "-", "-"]
            : [
                Figures.Seconds(run.ElapsedSeconds),
                Figures.Rate(run.OperationsPerSecond),
                Figures.Bytes(run.Memory.PeakManagedBytes + run.Memory.PeakBufferBytes),
            ]);
    }

    private void PrintDetails()
    {
        var table = NewTable("backend");
        table.AddColumn(Column("phase"));
        AddColumns(table, "ops", "kernel ops", "p99", "cpu s", "peak rss");
        if (_isWide)
        {
            AddColumns(table, "p50", "MiB/s", "allocated", "errors");
        }

        AddColumns(table, "verified");
        foreach (var run in _report.Runs)
        {
            AddDetails(table, run);
        }

        _console.Write(table);
    }

    private void AddDetails(Table table, PhaseReport run)
    {
        var cells = new List<string>
        {
            run.Backend,
            run.Phase,
            Figures.Rate(run.Operations),
            Figures.Rate(run.KernelOperations),
            Micros(run.LatencyMicros, l => l.P99),
            Figures.Seconds(run.CpuUserSeconds + run.CpuSystemSeconds),
            Figures.Bytes(run.Memory.PeakRssBytes),
        };
        if (_isWide)
        {
            cells.Add(Micros(run.LatencyMicros, l => l.P50));
            cells.Add(Figures.Rate(run.BytesPerSecond / (1024 * 1024)));
            cells.Add(Figures.Bytes(run.Memory.AllocatedBytes));
            cells.Add(Figures.Count(run.Errors));
        }

        cells.Add(run.Verified switch { true => "yes", false => "NO", null => "-" });
        AddRow(table, cells, run.IsGood() ? Style.Plain : new Style(foreground: Color.Red));
    }

    // Few operations, sampled sparsely, may leave nothing timed.
    private static string Micros(LatencyReport latency, Func<LatencyReport, double> value) =>
        latency.Max > 0 ? Figures.Micros(value(latency)) : "-";

    private void PrintNotes()
    {
        foreach (var status in _report.Backends.Where(b => !b.Available || b.Reason.Length > 0))
        {
            var state = status.Available ? "" : "not available: ";
            _console.WriteLine($"{status.Name}: {state}{status.Reason}");
        }

        if (_report.Outcome != RunOutcome.Done)
        {
            _console.Write(new Text(
                _report.Outcome == RunOutcome.Failed ? "The run failed." : "The run was interrupted.",
                new Style(foreground: Color.Red)));
            _console.WriteLine();
        }
    }

    private static PhaseSettings? First(ScenarioSettings scenario, PhaseOperation operation) =>
        scenario.Phases.FirstOrDefault(p => p.Operation == operation);

    private static bool IsArticle(ScenarioSettings scenario, PhaseSettings write) =>
        scenario.Files == ArticleFigures.Files
        && write is { Unit: PhaseUnit.Line, Count: ArticleFigures.LinesPerFile }
        && First(scenario, PhaseOperation.Read) is not null;

    private static Table NewTable(string firstColumn)
    {
        var table = new Table { Border = TableBorder.Simple };
        return table.AddColumn(Column(firstColumn));
    }

    private static void AddColumns(Table table, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            table.AddColumn(Column(name).RightAligned());
        }
    }

    // Narrow gaps: at 80 columns every one counts.
    private static TableColumn Column(string name) =>
        new TableColumn(name.EscapeMarkup()).NoWrap().Padding(0, 0, 1, 0);

    private static void AddRow(Table table, IEnumerable<string> cells, Style? style) =>
        table.AddRow(cells.Select(c => new Text(c, style)));
}
