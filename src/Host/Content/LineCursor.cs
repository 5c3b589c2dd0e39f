namespace Actors.Host.Content;

/// <summary>Generates the expected lines of one file, whole lines at a time, from its start to its end.</summary>
internal sealed class LineCursor(LineFormatter formatter, long lines)
{
    private readonly int _longest = formatter.LengthOf(Math.Max(0, lines - 1));

    /// <summary>The line that the next <see cref="Fill"/> begins with.</summary>
    public long NextLine { get; private set; }

    /// <summary>Writes as many whole lines as fit; the buffer must hold the largest.</summary>
    /// <returns>The bytes written; 0 at the end.</returns>
    public int Fill(Span<byte> buffer)
    {
        var filled = 0;
        while (NextLine < lines && buffer.Length - filled >= _longest)
        {
            filled += formatter.Format(NextLine++, buffer[filled..]);
        }

        return filled;
    }
}
