namespace Actors.Reliability.Soak;

/// <summary>Limits that load, faults and judgement have to agree on.</summary>
internal static class SoakLimits
{
    /// <summary>Milliseconds: the time limit of those files that have one.</summary>
    public const int OperationTimeout = 150;

    /// <summary>What is not answered by then, is not going to be.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
}
