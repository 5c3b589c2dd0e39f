using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Actors.Engine.Configuration;

namespace Actors.Engine;

/// <summary>
/// How many files may be open at once. The runtime needs descriptors too, and may abort the process when it gets none,
/// so that some are always left to it.
/// </summary>
internal static partial class DescriptorLimit
{
    private const int ResourceNoFile = 7; // RLIMIT_NOFILE, asm-generic/resource.h

    /// <summary>What is configured, but never more than the system allows.</summary>
    /// <param name="settings">The limit and the reserve.</param>
    /// <param name="threadsToCome">Threads that start with a file, and then take a descriptor more.</param>
    /// <exception cref="FileEngineConfigurationException">The limit leaves nothing.</exception>
    public static int OpenFilesMax(CoordinatorSettings settings, int threadsToCome)
    {
        if (!OperatingSystem.IsLinux())
        {
            return settings.OpenFilesMax ?? int.MaxValue;
        }

        var limit = SoftLimit();
        var used = InUse();
        var free = limit - used - settings.DescriptorReserve;

        // The first file has a thread that runs already.
        var files = free <= 2L * threadsToCome ? (free + 1) / 2 : free - threadsToCome;
        if (files < 1)
        {
            throw new FileEngineConfigurationException(
                $"RLIMIT_NOFILE is {limit}, of which {used} are in use and {settings.DescriptorReserve} are kept back "
                + "(actors.engine.coordinator.descriptor-reserve): no file can be opened. Raise the limit (ulimit -n) "
                + "or lower the reserve.");
        }

        return (int)Math.Min(settings.OpenFilesMax ?? int.MaxValue, files);
    }

    private static int InUse()
    {
        try
        {
            return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        }
        catch (DirectoryNotFoundException)
        {
            // No /proc: the reserve has to do.
            return 0;
        }
    }

    [SupportedOSPlatform("linux")]
    private static long SoftLimit()
    {
        ResourceLimit limit;
        unsafe
        {
            return getrlimit(ResourceNoFile, &limit) == 0 ? (long)Math.Min(limit.Soft, int.MaxValue) : 1024;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft, Hard;
    }

    [LibraryImport("libc")]
    private static unsafe partial int getrlimit(int resource, ResourceLimit* limit);
}
