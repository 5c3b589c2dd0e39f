namespace Actors.Engine;

/// <summary>An entry of a directory.</summary>
/// <param name="Path">The directory as it was named, and the entry's name.</param>
/// <param name="Name">The name alone. On Linux a byte b of it that is not UTF-8 is the lone surrogate U+DC00 + b, and
/// every call that takes a path takes it so.</param>
/// <param name="Kind">What it is; symbolic links are not followed.</param>
public sealed record DirectoryEntry(string Path, string Name, FileKind Kind);
