namespace Actors.Engine.Metrics;

/// <summary>
/// What one shard counts, on its own thread, without a lock. Told to the metrics actor on request; telling hands the
/// figures over and starts at zero.
/// </summary>
internal sealed class ShardMetrics(int sampleEvery, TimeProvider? clock = null)
{
    private static readonly int Reasons = Enum.GetValues<FailureReason>().Length;

    private int _untilSample = 1;
    private long[] _failures = new long[Reasons];

    public long Operations;
    public long KernelOperations;
    public long InlineOperations;
    public long BytesWritten;
    public long BytesRead;
    public long Syncs;
    public long MailboxHighWater;
    public long HeapPeak;

    public LatencyHistogram QueueWait { get; private set; } = new();

    public LatencyHistogram Service { get; private set; } = new();

    public LatencyHistogram Total { get; private set; } = new();

    /// <summary>Commands that failed, by <see cref="FailureReason"/>.</summary>
    public ReadOnlySpan<long> Failures => _failures;

    public TimeProvider Clock { get; } = clock ?? TimeProvider.System;

    /// <summary>The clock's reading, in units of its frequency.</summary>
    public long Now => Clock.GetTimestamp();

    public long FailuresInAll => _failures.Sum();

    public void CountFailure(FailureReason reason) => _failures[(int)reason]++;

    /// <summary>The time now for one command in so many, 0 for the others.</summary>
    public long NextTimestamp()
    {
        if (--_untilSample > 0)
        {
            return 0;
        }

        _untilSample = sampleEvery;
        return Now;
    }

    /// <summary>Looks at the size of the managed heap; the peak is the largest that was seen.</summary>
    public void SampleHeap() => HeapPeak = Math.Max(HeapPeak, GC.GetTotalMemory(false));

    /// <summary>Hands over everything counted since the last time.</summary>
    public ShardMetrics Take()
    {
        var taken = (ShardMetrics)MemberwiseClone();
        taken.QueueWait = QueueWait.Take();
        taken.Service = Service.Take();
        taken.Total = Total.Take();
        _untilSample = 1; // So that a period with few commands has a sample too.
        _failures = new long[Reasons];
        Operations = KernelOperations = InlineOperations = BytesWritten = BytesRead = Syncs = 0;
        MailboxHighWater = HeapPeak = 0;
        return taken;
    }

    public void Add(ShardMetrics other)
    {
        Operations += other.Operations;
        KernelOperations += other.KernelOperations;
        InlineOperations += other.InlineOperations;
        BytesWritten += other.BytesWritten;
        BytesRead += other.BytesRead;
        Syncs += other.Syncs;
        for (var i = 0; i < Reasons; i++)
        {
            _failures[i] += other._failures[i];
        }

        MailboxHighWater = Math.Max(MailboxHighWater, other.MailboxHighWater);
        HeapPeak = Math.Max(HeapPeak, other.HeapPeak);
        QueueWait.Add(other.QueueWait);
        Service.Add(other.Service);
        Total.Add(other.Total);
    }
}
