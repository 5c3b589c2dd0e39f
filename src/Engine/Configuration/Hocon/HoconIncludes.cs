using System.Text;

namespace Actors.Engine.Configuration;

/// <summary>Reads the files of one document and keeps includes within bounds: no cycle, not too deep, not too many.
/// </summary>
internal sealed class HoconIncludes
{
    public const int FileSizeMax = 1 << 20;

    private const int DepthMax = 16;
    private const int FilesMax = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    // The files that are being parsed: each is included by the one before it.
    private readonly List<(string Shown, string FullPath)> _open = [];
    private int _files;

    /// <summary>Characters of all files so far.</summary>
    public long Characters { get; private set; }

    /// <summary>Parses a text that stands for the file <paramref name="shown"/>; its includes are relative to it.
    /// </summary>
    public void ParseText(ObjectNode root, string shown, string text)
    {
        if (text.Length > FileSizeMax)
            throw TooLarge(shown);
        Parse(root, shown, text, [], 0);
    }

    /// <summary>Parses the file that the user named.</summary>
    public void ParseFile(ObjectNode root, string path) => Parse(root, path, Read(path), [], 0);

    /// <summary>Parses an included file.</summary>
    /// <param name="target">The object that its keys go to.</param>
    /// <param name="name">The file as the include names it, relative to the including file.</param>
    /// <param name="prefix">The keys from the root to <paramref name="target"/>.</param>
    /// <param name="depth">How many keys and lists the target is inside of.</param>
    /// <param name="at">The include.</param>
    public void ParseInto(ObjectNode target, string name, IReadOnlyList<string> prefix, int depth, SourcePosition at)
    {
        var shown = Path.Combine(Path.GetDirectoryName(at.File) ?? "", name);
        if (name.Length == 0 || name.Contains('\0'))
            throw at.Error("an include without a file name. Write include \"other.conf\".");
        if (_open.Count >= DepthMax)
            throw at.Error($"includes are nested deeper than {DepthMax}. Flatten them.");
        if (++_files > FilesMax)
            throw at.Error($"more than {FilesMax} includes. Include less.");
        if (_open.Any(file => file.FullPath == FullPathOf(shown)))
            throw at.Error($"{shown} includes itself ({Chain(shown)}). Remove one of these includes.");

        Parse(target, shown, ReadIncluded(shown, at), prefix, depth);
    }

    private void Parse(ObjectNode target, string shown, string text, IReadOnlyList<string> prefix, int depth)
    {
        Characters += text.Length;
        _open.Add((shown, FullPathOf(shown)));
        new HoconParser(new HoconText(shown, text), this, prefix, depth).ParseInto(target);
        _open.RemoveAt(_open.Count - 1);
    }

    // A name as it is has to do where the current directory is gone, and with it what names are relative to.
    private static string FullPathOf(string shown)
    {
        try
        {
            return Path.GetFullPath(shown);
        }
        catch (FileNotFoundException)
        {
            return shown;
        }
    }

    private string Chain(string shown) => string.Join(" -> ", _open.Select(file => file.Shown).Append(shown));

    private static string ReadIncluded(string shown, SourcePosition at)
    {
        try
        {
            return Read(shown);
        }
        catch (HoconException e) when (e.Line == 0)
        {
            throw at.Error($"the included file {e.Message} (An include is relative to the file that it is in.)");
        }
    }

    private static string Read(string shown)
    {
        try
        {
            return Decode(shown, ReadBytes(shown));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            var problem = $"there is no such file ({FullPathOf(shown)}). Check the name.";
            throw new HoconException(shown, 0, 0, problem, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Directory.Exists(shown)
                ? new HoconException(shown, 0, 0, "a directory, not a file. Name the file in it.", e)
                : new HoconException(shown, 0, 0, $"the file cannot be read: {e.Message}", e);
        }
    }

    // At most a byte more than the limit, so that no device or pipe can feed it for ever; and a pipe that nobody writes
    // is empty.
    private static ReadOnlySpan<byte> ReadBytes(string shown)
    {
        using var file = UnwaitingFile.Open(shown);
        var bytes = GC.AllocateUninitializedArray<byte>(FileSizeMax + 1);
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count <= FileSizeMax ? bytes.AsSpan(0, count) : throw TooLarge(shown);
    }

    private static string Decode(string shown, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes[..e.Index];
            var line = before.Count((byte)'\n') + 1;
            var column = before.Length - before.LastIndexOf((byte)'\n');
            throw new HoconException(shown, line, column, "not UTF-8. Save the file as UTF-8 text.", e);
        }
    }

    private static HoconException TooLarge(string shown) =>
        new(shown, 0, 0, $"larger than {FileSizeMax >> 20} MiB. A configuration file is text of at most that size.");
}
