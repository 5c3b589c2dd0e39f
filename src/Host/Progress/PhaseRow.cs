using Actors.Host.Reporting;

namespace Actors.Host.Progress;

/// <summary>What a row of the live display shows.</summary>
internal sealed class PhaseRow(PhaseProgress progress)
{
    /// <summary>While it runs.</summary>
    public PhaseProgress Progress { get; } = progress;

    /// <summary>Once it is done.</summary>
    public PhaseReport? Report { get; set; }
}
