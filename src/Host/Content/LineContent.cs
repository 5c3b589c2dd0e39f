namespace Actors.Host.Content;

/// <summary>Lines from a template, each ended by a line feed.</summary>
internal sealed class LineContent : FileContent
{
    private const int DigestBlock = 64 * 1024;

    private readonly TextTemplate _template;
    private readonly bool _sameInAllFiles;
    private ulong? _sharedDigest;

    public LineContent(TextTemplate template, long lines)
    {
        _template = template;
        Units = lines;
        _sameInAllFiles = !template.Uses(TextTemplate.File);
    }

    public override long Units { get; }

    public override string UnitName => "line";

    /// <summary>What renders the lines of a file.</summary>
    public LineFormatter Formatter(int file) => new(_template, file);

    // The longest numbers are the last ones.
    public override int LargestUnit(int files) => Formatter(files - 1).LengthOf(Math.Max(0, Units - 1));

    public override long Length(int file) => Formatter(file).LengthOfFirst(Units);

    /// <summary>Generates the file from its start.</summary>
    public LineCursor Read(int file) => new LineCursor(Formatter(file), Units);

    /// <summary>The digest of the file: what a reader that saw exactly this content has computed.</summary>
    public ulong Digest(int file)
    {
        if (_sameInAllFiles && _sharedDigest is { } known)
        {
            return known;
        }

        var digest = default(ContentDigest);
        var buffer = new byte[Math.Max(DigestBlock, LargestUnit(file + 1))];
        var cursor = Read(file);
        for (var length = cursor.Fill(buffer); length > 0; length = cursor.Fill(buffer))
        {
            digest.Append(buffer.AsSpan(0, length));
        }

        _sharedDigest = digest.Value;
        return digest.Value;
    }
}
