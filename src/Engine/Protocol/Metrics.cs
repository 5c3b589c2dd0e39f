namespace Actors.Engine;

/// <summary>
/// To the metrics actor: asks for the figures since the last <see cref="CollectMetrics"/> that had
/// <paramref name="Reset"/>. Every shard reports afresh first. Answered by <see cref="EngineMetrics"/>.
/// </summary>
/// <param name="Reset">Start a new period: the figures begin at zero, the peaks at what is now.</param>
public sealed record CollectMetrics(bool Reset = false) : EngineCommand;

/// <summary>A distribution of times in microseconds.</summary>
/// <param name="Count">Samples taken.</param>
/// <param name="P50">Median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="P999">99.9th percentile.</param>
/// <param name="Max">Largest sample.</param>
/// <param name="Mean">Arithmetic mean.</param>
public sealed record LatencySummary(
    long Count, double P50, double P90, double P99, double P999, double Max, double Mean);

/// <summary>Answer to <see cref="CollectMetrics"/>: the whole engine over one period.</summary>
public sealed record EngineMetrics : EngineEvent
{
    /// <summary>Length of the period.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Commands to files answered with success; each write counts, however they were acknowledged.</summary>
    public required long Operations { get; init; }

    /// <summary>Reads and writes handed to the kernel, resubmissions included; opening, closing, syncing and the like
    /// are not counted.</summary>
    public required long KernelOperations { get; init; }

    /// <summary>Those of <see cref="KernelOperations"/> that were performed on the shard's own thread: all of them with
    /// <c>sync</c> and <c>sync-thread</c>, what the page cache can do at once with <c>auto</c>.</summary>
    public required long InlineOperations { get; init; }

    /// <summary>Bytes that writes put into files.</summary>
    public required long BytesWritten { get; init; }

    /// <summary>Bytes that reads took from files.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Syncs of a file that succeeded, asked for or by <c>durability</c>.</summary>
    public required long Syncs { get; init; }

    /// <summary>Commands answered with failure.</summary>
    public required long Failures { get; init; }

    /// <summary>From the command's arrival at the file actor to its submission to the kernel.</summary>
    public required LatencySummary QueueWait { get; init; }

    /// <summary>From submission to the kernel to completion.</summary>
    public required LatencySummary Service { get; init; }

    /// <summary>From arrival to answer.</summary>
    public required LatencySummary Total { get; init; }

    /// <summary>One operation in how many was timed.</summary>
    public required int Sampled { get; init; }

    /// <summary>Most commands that one file had unanswered.</summary>
    public required long MailboxHighWater { get; init; }

    /// <summary>Commands refused because a file's queue was full.</summary>
    public required long MailboxRefused { get; init; }

    /// <summary>Most bytes of pooled buffers in existence.</summary>
    public required long PeakBufferBytes { get; init; }

    /// <summary>Largest managed heap that was sampled.</summary>
    public required long PeakManagedBytes { get; init; }

    /// <summary>Bytes allocated on the managed heap by the whole process.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Time that the garbage collector paused the process.</summary>
    public required TimeSpan GcPause { get; init; }

    /// <summary>Files open now.</summary>
    public required int OpenFiles { get; init; }

    /// <summary>Those of <see cref="OpenFiles"/> that take no commands but Close, because a sync of them has
    /// failed.</summary>
    public required int PoisonedFiles { get; init; }

    /// <summary>Opens that wait for a free descriptor now.</summary>
    public required int QueuedOpens { get; init; }

    /// <summary>Most opens that waited at once.</summary>
    public required int QueuedOpensPeak { get; init; }
}
