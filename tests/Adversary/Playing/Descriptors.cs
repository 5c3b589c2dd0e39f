namespace Actors.Adversary.Playing;

/// <summary>The descriptors of this process, as the kernel lists them.</summary>
internal static class Descriptors
{
    /// <summary>Open files below a directory.</summary>
    public static IReadOnlyList<string> Below(string directory) => OperatingSystem.IsLinux()
        ? [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(TargetOf)
            .Where(target => target.StartsWith(directory, StringComparison.Ordinal))]
        : [];

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
