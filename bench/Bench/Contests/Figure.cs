namespace Actors.Bench.Contests;

/// <summary>The names of <see cref="Measurement.Figures"/>.</summary>
internal static class Figure
{
    /// <summary>Lines written or read.</summary>
    public const string Lines = "lines";

    /// <summary>Lines or blocks written or read.</summary>
    public const string Operations = "operations";

    /// <summary>Bytes of them.</summary>
    public const string Bytes = "bytes";

    /// <summary>What was handed to the kernel for them.</summary>
    public const string KernelOperations = "kernelOperations";

    /// <summary>Bytes of managed memory allocated.</summary>
    public const string AllocatedBytes = "allocatedBytes";

    /// <summary>Largest managed heap that was sampled.</summary>
    public const string PeakManagedBytes = "peakManagedBytes";

    /// <summary>Most bytes of the engine's native buffers, writing where a run does both.</summary>
    public const string PeakBufferBytes = "peakBufferBytes";

    /// <summary>The same, reading.</summary>
    public const string PeakReadBufferBytes = "peakReadBufferBytes";

    /// <summary>Most bytes of the process that no file backs.</summary>
    public const string PeakAnonymousBytes = "peakAnonymousBytes";

    /// <summary>Median time of one operation, in microseconds.</summary>
    public const string P50Micros = "p50Micros";

    /// <summary>Its 99th percentile.</summary>
    public const string P99Micros = "p99Micros";
}
