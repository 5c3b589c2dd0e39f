using Actors.Host.Machine;
using Actors.Host.Reporting;
using Actors.Host.Scenarios;
using Spectre.Console;

namespace Actors.Host.Tests.Reporting;

public sealed class RunTablesTests
{
    private static readonly PhaseReport Run = new(
        "sync", "write", PhaseOperation.Write, 1, 5, 0, 5, 5, 100, 0.1, 50, 1000, 0.1, 0.1,
        new LatencyReport(1, 1, 1, 1, 1, 1, 1), new MemoryReport(1, 1, 1, 1), new MailboxReport(0, 0), 0, true, []);

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void On_a_terminal_what_is_good_has_the_terminals_own_colours(int columns)
    {
        var text = Print(columns, Run);
        Assert.Contains("yes", text);
        Assert.DoesNotContain("\e[38", text);
        Assert.DoesNotContain("48;5", text);
        Assert.Contains("\e[", Print(columns, Run with { Verified = false, Errors = 1 }));
    }

    private static string Print(int columns, PhaseReport run)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor, Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = columns;
        var phase = new PhaseSettings("write", PhaseOperation.Write, PhaseUnit.Line, 5, "{line}", false, true);
        var scenario = new ScenarioSettings("s", "out", 1, "{file}", ["sync"], [], true, 0, [phase]);
        var report = new RunReport(
            RunReport.CurrentSchema, RunOutcome.Done, new ScenarioReport("s", "s.conf", () => []),
            MachineInfo.Of("."), [], [run]);
        RunTables.Print(console, report, scenario);
        return text.ToString();
    }
}
