using Actors.Host.Reporting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Actors.Host.Progress;

/// <summary>The time that is left; once the phase is done, the time that it took.</summary>
internal sealed class TimeColumn : ProgressColumn
{
    private const int Width = 12;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        var phase = (PhaseRow)task.Tag!;
        if (phase.Report is { } report)
        {
            return new Text($"{Figures.Seconds(report.ElapsedSeconds)} s").RightJustified();
        }

        var done = phase.Progress.Fraction;
        var left = done == 0 ? "--" : Figures.Seconds(phase.Progress.Elapsed.TotalSeconds * (1 - done) / done);
        return new Text($"{left} s left", new Style(foreground: Color.Grey)).RightJustified();
    }

    public override int? GetColumnWidth(RenderOptions options) => Width;
}
