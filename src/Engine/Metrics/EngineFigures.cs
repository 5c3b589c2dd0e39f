namespace Actors.Engine.Metrics;

/// <summary>What an engine has counted since it started, as of its shards' last reports. A snapshot: the metrics actor
/// makes the next one, and any thread may read this one.</summary>
internal sealed record EngineFigures
{
    public static readonly EngineFigures None = new();

    public long Operations { get; init; }

    public long KernelOperations { get; init; }

    public long InlineOperations { get; init; }

    public long BytesWritten { get; init; }

    public long BytesRead { get; init; }

    public long Syncs { get; init; }

    /// <summary>By <see cref="FailureReason"/>; empty at first.</summary>
    public IReadOnlyList<long> Failures { get; init; } = [];

    public int OpenFiles { get; init; }

    public int QueuedOpens { get; init; }

    /// <summary>With one more report of a shard.</summary>
    public EngineFigures Plus(ShardMetrics report)
    {
        var failures = report.Failures.ToArray();
        for (var i = 0; i < Failures.Count; i++)
        {
            failures[i] += Failures[i];
        }

        return this with
        {
            Operations = Operations + report.Operations,
            KernelOperations = KernelOperations + report.KernelOperations,
            InlineOperations = InlineOperations + report.InlineOperations,
            BytesWritten = BytesWritten + report.BytesWritten,
            BytesRead = BytesRead + report.BytesRead,
            Syncs = Syncs + report.Syncs,
            Failures = failures,
        };
    }
}
