using System.Runtime.InteropServices;

namespace Actors.Host.Machine;

/// <summary>
/// Whether there are descriptors enough for the process itself. The runtime keeps two for each assembly, and where it gets
/// none it closes descriptor 0, or ends without a word; so this is looked at first of all, with as little code as can be.
/// </summary>
internal static partial class DescriptorLimit
{
    private const int ResourceNoFile = 7; // RLIMIT_NOFILE, asm-generic/resource.h

    /// <summary>A run of two files takes 130 to 150.</summary>
    private const ulong Least = 160;

    /// <summary>Why nothing can be run; null when it can.</summary>
    public static string? Refusal() =>
        OperatingSystem.IsLinux() && getrlimit(ResourceNoFile, out var limit) == 0 && limit.Soft < Least
            ? $"RLIMIT_NOFILE is {limit.Soft}, less than the process itself needs: no file can be opened. " +
                $"Raise the limit (ulimit -n), to {Least} at least."
            : null;

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limit limit);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
