namespace Actors.Engine.Tests.Scenario;

/// <summary>The descriptors of this process, as the kernel lists them.</summary>
internal static class OpenDescriptors
{
    /// <summary>How many there are; changes with every test that runs at the same time.</summary>
    public static int Count() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    /// <summary>Those that drivers make: rings, and what they sleep on.</summary>
    public static int OfDrivers() => Directory.GetFileSystemEntries("/proc/self/fd").Select(TargetOf).Count(
        target => target.EndsWith("[eventfd]", StringComparison.Ordinal)
            || target.EndsWith("[io_uring]", StringComparison.Ordinal));

    /// <summary>The open files below a directory; not disturbed by other tests.</summary>
    public static IReadOnlyList<string> Below(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        return
        [
            .. Directory.GetFileSystemEntries("/proc/self/fd")
                .Select(TargetOf)
                .Where(target => target.StartsWith(directory, StringComparison.Ordinal)),
        ];
    }

    /// <summary>What a descriptor refers to; empty when it was closed meanwhile.</summary>
    private static string TargetOf(string entry)
    {
        try
        {
            return File.ResolveLinkTarget(entry, false)?.FullName ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
