namespace Actors.Samples.LogShipper;

/// <summary>A file that is shipped: about a hundred bytes of memory, and nothing open while it has nothing
/// new.</summary>
/// <param name="path">The file.</param>
/// <param name="name">Its path below the source directory.</param>
internal sealed class SourceFile(string path, string name)
{
    public string Path { get; } = path;

    public string Name { get; } = name;

    /// <summary>Every line before it is durable in the output.</summary>
    public long Position { get; set; }

    /// <summary>When the file was created, where the file system knows: another file of that name has
    /// another.</summary>
    public DateTime? Created { get; set; }

    /// <summary>How long it was when it was last read to its end; a last line without its end may be left.</summary>
    public long LengthSeen { get; set; }

    /// <summary>The round that last found it.</summary>
    public long Round { get; set; }

    /// <summary>What was said about it last, so as not to say it again each time.</summary>
    public string? Complaint { get; set; }
}
