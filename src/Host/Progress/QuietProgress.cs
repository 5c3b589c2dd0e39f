using Actors.Host.Reporting;

namespace Actors.Host.Progress;

/// <summary>Shows nothing but what went wrong.</summary>
internal sealed class QuietProgress(TextWriter output) : IRunProgress
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public void Begin(PhaseProgress phase)
    {
    }

    public void End(PhaseProgress phase, PhaseReport report)
    {
    }

    public void Note(string text)
    {
    }

    public void Fault(string text) => _output.WriteLine(text);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
