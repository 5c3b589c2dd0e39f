namespace Actors.Engine;

/// <summary>An entry of a directory.</summary>
/// <param name="Path">The directory as it was named, and the entry's name.</param>
/// <param name="Name">The name alone. Bytes of it that are not UTF-8 are shown as U+FFFD.</param>
/// <param name="Kind">What it is; symbolic links are not followed.</param>
public sealed record DirectoryEntry(string Path, string Name, FileKind Kind);
