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

    public override ContentCursor Read(int file) => new Cursor(Formatter(file), Units);

    public override ulong Digest(int file)
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

    private sealed class Cursor(LineFormatter formatter, long lines) : ContentCursor
    {
        private readonly int _longest = formatter.LengthOf(Math.Max(0, lines - 1));

        public override int Fill(Span<byte> buffer)
        {
            var filled = 0;
            while (NextUnit < lines && buffer.Length - filled >= _longest)
            {
                filled += formatter.Format(NextUnit++, buffer[filled..]);
            }

            return filled;
        }
    }
}
