namespace Actors.Bench.Contests;

/// <summary>The names of <see cref="Measurement.Figures"/>.</summary>
internal static class Figure
{
    /// <summary>Lines written or read.</summary>
    public const string Lines = "lines";

    /// <summary>Bytes of them.</summary>
    public const string Bytes = "bytes";

    /// <summary>What was handed to the kernel for them.</summary>
    public const string KernelOperations = "kernelOperations";

    /// <summary>Bytes of managed memory allocated.</summary>
    public const string AllocatedBytes = "allocatedBytes";

    /// <summary>Largest managed heap that was sampled.</summary>
    public const string PeakManagedBytes = "peakManagedBytes";

    /// <summary>Most bytes of the engine's native buffers.</summary>
    public const string PeakBufferBytes = "peakBufferBytes";
}
