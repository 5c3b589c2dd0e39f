namespace Actors.Host.Content;

/// <summary>Generates the expected content of one file, whole units at a time, from its start to its end.</summary>
internal abstract class ContentCursor
{
    /// <summary>The unit that the next <see cref="Fill"/> begins with.</summary>
    public long NextUnit { get; protected set; }

    /// <summary>Writes as many whole units as fit; the buffer must hold the largest.</summary>
    /// <returns>The bytes written; 0 at the end.</returns>
    public abstract int Fill(Span<byte> buffer);
}
