using System.Diagnostics;
using System.Globalization;

namespace Actors.Host.Machine;

/// <summary>The peak of this process's resident memory, as the kernel keeps it.</summary>
internal static class ProcessMemory
{
    /// <summary>Collects what earlier runs left on the heap and starts a new peak: a run's memory is its own.</summary>
    public static void BeginRun()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ResetPeak();
    }

    /// <summary>Most bytes resident since <see cref="BeginRun"/>; since the start where that cannot be reset.</summary>
    public static long PeakResidentBytes()
    {
        if (OperatingSystem.IsLinux())
        {
            foreach (var line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                {
                    var kibibytes = line.AsSpan("VmHWM:".Length, line.Length - "VmHWM:".Length - "kB".Length).Trim();
                    return long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024;
                }
            }
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static void ResetPeak()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            // proc(5): 5 resets the peak resident set size to what is resident now.
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Some containers forbid it; then the peak is that of the whole process, an upper bound.
        }
    }
}
