using Actors.Host.Reporting;
using Actors.Host.Terminal;
using Spectre.Console;

namespace Actors.Host.Progress;

/// <summary>A row of the terminal for each phase, redrawn ten times a second.</summary>
internal sealed class LiveProgress : IRunProgress
{
    private const int NarrowColumns = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console;
    private readonly TaskCompletionSource<ProgressContext> _context = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _display;
    private ProgressTask? _current;

    public LiveProgress(IAnsiConsole console)
    {
        _console = console;
        var display = new Spectre.Console.Progress(console)
        {
            AutoRefresh = false,
            AutoClear = false,
            HideCompleted = false,
        };
        display.Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = console.Profile.Width < NarrowColumns ? 20 : 40 },
            new PercentageColumn(),
            new RateColumn(),
            new TimeColumn());
        _display = display.StartAsync(LoopAsync);
    }

    public void Begin(PhaseProgress phase)
    {
        var task = _context.Task.Result.AddTask($"{phase.Backend} {phase.Phase}".EscapeMarkup(), maxValue: 1);
        task.Tag = new PhaseRow(phase);
        Volatile.Write(ref _current, task);
    }

    public void End(PhaseProgress phase, PhaseReport report)
    {
        if (Interlocked.Exchange(ref _current, null) is { } task)
        {
            ((PhaseRow)task.Tag!).Report = report;
            task.Value = report.IsGood() ? 1 : phase.Fraction;
            task.StopTask();
        }
    }

    // As wide as the terminal, so that it covers what the display has left on the lines that it takes.
    public void Note(string text)
    {
        var line = new Table { Border = TableBorder.None, ShowHeaders = false, Expand = true };
        line.AddColumn(new TableColumn("").Padding(0, 0));
        line.AddRow(new Text(Printable.Of(text)));
        _console.Write(line);
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _display;
    }

    private async Task LoopAsync(ProgressContext context)
    {
        _context.SetResult(context);
        while (!_ended.Task.IsCompleted)
        {
            if (Volatile.Read(ref _current) is { } task)
            {
                task.Value = ((PhaseRow)task.Tag!).Progress.Fraction;
            }

            context.Refresh();
            await Task.WhenAny(_ended.Task, Task.Delay(Interval));
        }

        context.Refresh();
    }
}
