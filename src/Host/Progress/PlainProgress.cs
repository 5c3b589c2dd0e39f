using System.Globalization;
using Actors.Host.Reporting;

namespace Actors.Host.Progress;

/// <summary>Lines of plain text, one a second and phase, for output that is not a terminal.</summary>
internal sealed class PlainProgress : IRunProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TextWriter _output;
    private readonly PeriodicTimer _timer = new(Interval);
    private readonly Task _loop;
    private PhaseProgress? _current;

    public PlainProgress(TextWriter output)
    {
        _output = TextWriter.Synchronized(output);
        _loop = LoopAsync();
    }

    public void Begin(PhaseProgress phase)
    {
        Volatile.Write(ref _current, phase);
        _output.WriteLine($"{Label(phase.Backend, phase.Phase)}  {phase.Goal}");
    }

    public void End(PhaseProgress phase, PhaseReport report)
    {
        Volatile.Write(ref _current, null);
        _output.WriteLine(
            $"{Label(phase.Backend, phase.Phase)}  {Figures.Count(report.Operations)} {phase.Units} in " +
            $"{Figures.Seconds(report.ElapsedSeconds)} s, {Figures.Rate(report.OperationsPerSecond)} {phase.Units}/s");
    }

    public void Note(string text) => _output.WriteLine(text);

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
        _output.Flush();
    }

    private static string Label(string backend, string phase) => $"{backend,-11} {phase,-8}";

    private async Task LoopAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (Volatile.Read(ref _current) is { } phase && phase.Elapsed >= Interval / 2)
            {
                _output.WriteLine(Line(phase));
            }
        }
    }

    private static string Line(PhaseProgress phase)
    {
        var done = phase.Fraction;
        var rate = phase.Done / phase.Elapsed.TotalSeconds;
        var percent = (100 * done).ToString("0", CultureInfo.InvariantCulture);
        var left = done > 0 ? $", {Figures.Seconds(phase.Elapsed.TotalSeconds * (1 - done) / done)} s left" : "";
        return $"{Label(phase.Backend, phase.Phase)}  {percent,3}%  {Figures.Rate(rate)} {phase.Units}/s{left}";
    }
}
