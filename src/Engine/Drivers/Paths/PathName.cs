using System.Text;

namespace Actors.Engine.Drivers.Paths;

/// <summary>Names as the kernel has them: bytes that end with a zero.</summary>
internal static class PathName
{
    private const int StemMax = 60;

    public static byte[] Of(string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
        {
            throw new ArgumentException("the path is empty or contains a NUL character");
        }

        return Encoding.UTF8.GetBytes(path + '\0');
    }

    /// <summary>As text, for people: bytes that are not UTF-8 are lost.</summary>
    public static string ToText(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name[^1] == 0 ? name[..^1] : name);

    /// <summary>A name that nobody uses, in the directory of another, and recognizable by that.</summary>
    public static string TemporaryBeside(string path)
    {
        // Cut, so that it is not longer than file systems take when the other is as long as they do.
        var name = Path.GetFileName(path);
        var stem = name.Length > StemMax ? name[..StemMax] : name;
        return Path.Join(Path.GetDirectoryName(path), $"{stem}.{Guid.NewGuid():N}.tmp");
    }

    /// <summary>The directory that a path is in, as an absolute path.</summary>
    public static string DirectoryOf(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.GetDirectoryName(full) ?? full;
    }
}
