using System.Text;

namespace Actors.Host.Machine;

/// <summary>Which file system a directory is on.</summary>
internal static class FileSystemType
{
    /// <summary>Its type, such as <c>ext4</c>; "unknown" when the system does not tell.</summary>
    public static string Of(string directory)
    {
        try
        {
            var path = RealPath(directory);
            return OperatingSystem.IsLinux() ? FromMounts(path) : new DriveInfo(path).DriveFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "unknown";
        }
    }

    // The mount with the longest path above the directory; of several on one path the last one is on top.
    private static string FromMounts(string path)
    {
        var (best, type) = ("", "unknown");
        foreach (var line in File.ReadLines("/proc/self/mounts"))
        {
            var fields = line.Split(' ');
            if (fields.Length < 3)
            {
                continue;
            }

            var mount = Unescape(fields[1]);
            if (mount.Length >= best.Length && IsAbove(mount, path))
            {
                (best, type) = (mount, fields[2]);
            }
        }

        return type;
    }

    private static bool IsAbove(string mount, string path) =>
        mount == "/" || path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal);

    private static string RealPath(string directory)
    {
        var path = Path.GetFullPath(directory);
        return new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }

    // getmntent(3): space, tab, newline and backslash are written as three octal digits.
    private static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                result.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }
}
