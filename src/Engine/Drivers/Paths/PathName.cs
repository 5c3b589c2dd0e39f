using System.Text;
using System.Text.Unicode;

namespace Actors.Engine.Drivers.Paths;

/// <summary>
/// Names as the kernel has them: bytes that end with a zero. As text they are UTF-8. A byte b that is none stands there
/// as the lone surrogate U+DC00 + b, as in Python (PEP 383), so that every name can be said, and said back.
/// </summary>
internal static class PathName
{
    private const char EscapeMin = '\uDC80';
    private const char EscapeMax = '\uDCFF';
    private const int EscapeBase = 0xDC00;
    private const int StemMax = 60;
    private const int PathMax = 4096;

    /// <exception cref="ArgumentException">It is empty or has a NUL character.</exception>
    public static byte[] Of(string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
        {
            throw new ArgumentException("the path is empty or contains a NUL character");
        }

        return path.AsSpan().ContainsAnyInRange(EscapeMin, EscapeMax)
            ? OfEscaped(path)
            : Encoding.UTF8.GetBytes(path + '\0');
    }

    public static string ToText(ReadOnlySpan<byte> name)
    {
        name = name is [.. var bare, 0] ? bare : name;
        if (Utf8.IsValid(name))
        {
            return Encoding.UTF8.GetString(name);
        }

        var text = new StringBuilder(name.Length);
        Span<char> characters = stackalloc char[2];
        while (!name.IsEmpty)
        {
            var isValid = Rune.DecodeFromUtf8(name, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (isValid)
            {
                text.Append(characters[..rune.EncodeToUtf16(characters)]);
            }
            else
            {
                foreach (var unknown in name[..length])
                {
                    text.Append((char)(EscapeBase + unknown));
                }
            }

            name = name[length..];
        }

        return text.ToString();
    }

    /// <summary>
    /// Splits a path where the kernel does: the directory that it looks the last name up in, and that name with the
    /// slashes behind it. No more is made of either: what <c>..</c> leads to is the kernel's to say.
    /// </summary>
    public static (byte[] Directory, byte[] Name) Split(string path)
    {
        var name = Of(path);
        var end = name.AsSpan().LastIndexOfAnyExcept((byte)'/', (byte)0) + 1;
        var start = name.AsSpan(0, end).LastIndexOf((byte)'/') + 1;
        return end == 0 ? ("/\0"u8.ToArray(), ".\0"u8.ToArray())
            : start == 0 ? (".\0"u8.ToArray(), name)
            : ([.. name.AsSpan(0, start), 0], name[start..]);
    }

    /// <summary>A name that nobody uses, made from the last one of a path.</summary>
    public static string TemporaryFor(string path)
    {
        // Cut, so that it is not longer than file systems take when the other is as long as they do.
        var name = Path.GetFileName(path);
        var stem = name.Length <= StemMax ? name
            : char.IsHighSurrogate(name[StemMax - 1]) ? name[..(StemMax - 1)]
            : name[..StemMax];
        return $"{stem}.{Guid.NewGuid():N}.tmp";
    }

    /// <summary>A name that nobody uses, in the directory of another, and recognizable by that.</summary>
    public static string TemporaryBeside(string path) =>
        Path.Join(Path.GetDirectoryName(path), TemporaryFor(path));

    /// <summary>A path from the root. On Linux nothing of it is worked out: <c>a/link/..</c> is where the kernel says that
    /// it is.</summary>
    /// <exception cref="SystemCallException">It is relative, and there is no current directory.</exception>
    public static string Absolute(string path, SystemCalls calls)
    {
        if (calls.Paths is not { } paths)
        {
            return Path.GetFullPath(path);
        }

        if (path.StartsWith('/'))
        {
            return path;
        }

        Span<byte> directory = stackalloc byte[PathMax];
        var length = SystemCallException.Check(
            paths.GetWorkingDirectory(directory), "the current directory, in which there is to be", path);
        return Path.Join(ToText(directory[..length]), path);
    }

    /// <summary>The directory that a path is in, as an absolute path, where the runtime's file API is all there
    /// is.</summary>
    public static string DirectoryOf(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.GetDirectoryName(full) ?? full;
    }

    private static byte[] OfEscaped(ReadOnlySpan<char> path)
    {
        var bytes = new List<byte>(path.Length + 1);
        Span<byte> encoded = stackalloc byte[4];
        while (!path.IsEmpty)
        {
            // What is no character is U+FFFD here, as everywhere in the runtime, but for the escapes.
            Rune.DecodeFromUtf16(path, out var rune, out var length);
            if (length == 1 && path[0] is >= EscapeMin and <= EscapeMax)
            {
                bytes.Add((byte)(path[0] - EscapeBase));
            }
            else
            {
                bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
            }

            path = path[length..];
        }

        bytes.Add(0);
        return [.. bytes];
    }
}
