using Actors.Host.Reporting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Actors.Host.Progress;

/// <summary>Units per second since the phase began; the measured rate once it is done.</summary>
internal sealed class RateColumn : ProgressColumn
{
    private const int Width = 16;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        var phase = (PhaseRow)task.Tag!;
        var rate = phase.Report?.OperationsPerSecond
            ?? (phase.Progress.Done / Math.Max(0.001, phase.Progress.Elapsed.TotalSeconds));
        return new Text($"{Figures.Rate(rate)} {phase.Progress.Units}/s").RightJustified();
    }

    public override int? GetColumnWidth(RenderOptions options) => Width;
}
