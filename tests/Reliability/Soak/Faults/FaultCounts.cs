namespace Actors.Reliability.Soak.Faults;

/// <summary>What was injected, over all drivers.</summary>
internal sealed class FaultCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<FaultKind>().Length];

    /// <summary>How many of a kind.</summary>
    public long Of(FaultKind kind) => Interlocked.Read(ref _counts[(int)kind]);

    /// <summary>One more.</summary>
    public void Count(FaultKind kind) => Interlocked.Increment(ref _counts[(int)kind]);
}
