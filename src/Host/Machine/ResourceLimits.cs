using System.Globalization;

namespace Actors.Host.Machine;

/// <summary>Limits of this process and system that decide what an engine can do.</summary>
internal static class ResourceLimits
{
    /// <summary>Name and value of each that the system tells.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> All()
    {
        var limits = new List<KeyValuePair<string, string>>();
        if (!OperatingSystem.IsLinux())
        {
            return limits;
        }

        AddProcessLimits(limits);
        AddSystem(limits, "fs.aio-max-nr", "/proc/sys/fs/aio-max-nr");
        AddSystem(limits, "fs.aio-nr", "/proc/sys/fs/aio-nr");
        AddSystem(limits, "kernel.io_uring_disabled", "/proc/sys/kernel/io_uring_disabled");
        return limits;
    }

    private static void AddProcessLimits(List<KeyValuePair<string, string>> limits)
    {
        foreach (var line in ReadLines("/proc/self/limits"))
        {
            Add(line, "Max open files", "open files");
            Add(line, "Max locked memory", "locked memory (bytes)");
            Add(line, "Max file size", "file size (bytes)");
        }

        void Add(string line, string label, string name)
        {
            if (line.StartsWith(label, StringComparison.Ordinal))
            {
                var values = line[label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                limits.Add(new(name, string.Create(CultureInfo.InvariantCulture, $"{values[0]} of {values[1]}")));
            }
        }
    }

    private static void AddSystem(List<KeyValuePair<string, string>> limits, string name, string path)
    {
        foreach (var line in ReadLines(path))
        {
            limits.Add(new(name, line.Trim()));
        }
    }

    private static IReadOnlyList<string> ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
