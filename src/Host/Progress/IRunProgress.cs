using Actors.Host.Reporting;

namespace Actors.Host.Progress;

/// <summary>Shows how a run goes, while it goes.</summary>
internal interface IRunProgress : IAsyncDisposable
{
    /// <summary>A phase begins.</summary>
    void Begin(PhaseProgress phase);

    /// <summary>It is done; not yet verified.</summary>
    void End(PhaseProgress phase, PhaseReport report);

    /// <summary>Something worth knowing: a decision, a figure, a warning.</summary>
    void Note(string text);

    /// <summary>Something that is wrong, to be read whatever else is shown.</summary>
    void Fault(string text) => Note(text);
}
