using System.Diagnostics;
using System.Globalization;

namespace Actors.Bench.Tools;

/// <summary>
/// Looks at another process while it runs: processor time and memory. The peak of resident memory is the kernel's own
/// mark, which the console resets before each phase, so the largest one seen counts; anonymous memory has no such mark.
/// </summary>
internal sealed class ProcessWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Processor time in user mode, as of the last look.</summary>
    public TimeSpan UserTime { get; private set; }

    /// <summary>The same in the kernel.</summary>
    public TimeSpan SystemTime { get; private set; }

    /// <summary>Most bytes that were resident.</summary>
    public long PeakRssBytes { get; private set; }

    /// <summary>Most of them that no file backs, as sampled.</summary>
    public long PeakAnonymousBytes { get; private set; }

    /// <summary>Watches until the process ends.</summary>
    public async Task FollowAsync(Process process)
    {
        try
        {
            while (!process.HasExited)
            {
                Look(process);
                await Task.Delay(Interval);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // It ended between two looks.
        }
    }

    private void Look(Process process)
    {
        foreach (var line in File.ReadLines($"/proc/{process.Id}/status"))
        {
            PeakRssBytes = Math.Max(PeakRssBytes, Bytes(line, "VmHWM:"));
            PeakAnonymousBytes = Math.Max(PeakAnonymousBytes, Bytes(line, "RssAnon:"));
        }

        process.Refresh();
        UserTime = process.UserProcessorTime;
        SystemTime = process.PrivilegedProcessorTime;
    }

    private static long Bytes(string line, string name) => line.StartsWith(name, StringComparison.Ordinal)
        ? long.Parse(line.AsSpan(name.Length).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024
        : 0;
}
