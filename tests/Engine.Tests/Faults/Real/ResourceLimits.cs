using System.Runtime.InteropServices;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>The soft limits of this process; for child processes only, since they are everybody's.</summary>
internal static partial class ResourceLimits
{
    // asm-generic/resource.h
    public const int FileSize = 1;
    public const int OpenFiles = 7;
    public const int LockedMemory = 8;

    /// <summary>Sets a limit; disposing of the result sets what it was.</summary>
    public static IDisposable Lower(int resource, long soft)
    {
        Assert.Equal(0, getrlimit(resource, out var before));
        Assert.Equal(0, setrlimit(resource, before with { Soft = (ulong)soft }));
        return new Restore(resource, before);
    }

    /// <summary>Leaves this process so many descriptors, as far as nobody closes one: a new one takes the lowest number
    /// that is free, and the limit is on that number.</summary>
    public static IDisposable LeaveDescriptors(int spare)
    {
        using var lowestFree = File.OpenHandle("/dev/null");
        return Lower(OpenFiles, (int)lowestFree.DangerousGetHandle() + spare);
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in Limit limit);

    private record struct Limit(ulong Soft, ulong Hard);

    private sealed class Restore(int resource, Limit before) : IDisposable
    {
        public void Dispose() => setrlimit(resource, before);
    }
}
