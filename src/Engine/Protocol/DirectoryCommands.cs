namespace Actors.Engine;

/// <summary>Creates a directory, and its parents where they are missing. Answered by <see cref="DirectoryCreated"/>,
/// also when it is there already.</summary>
/// <param name="Path">The directory. A file of that name is <see cref="FailureReason.AlreadyExists"/>.</param>
/// <param name="CreateMode">Permission bits, before umask. Default 0777.</param>
public sealed record CreateDirectory(string Path, UnixFileMode? CreateMode = null) : FileSystemCommand(Path);

/// <summary>Answer to <see cref="CreateDirectory"/>.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="Created">False when it was there.</param>
public sealed record DirectoryCreated(string Path, bool Created) : EngineEvent;

/// <summary>Deletes a directory. Answered by <see cref="DirectoryDeleted"/>; one that is not empty is
/// <see cref="FailureReason.NotEmpty"/> unless <paramref name="Recursive"/>.</summary>
/// <param name="Path">The directory. A symbolic link to one is deleted itself when recursive, and never
/// followed.</param>
/// <param name="Recursive">Delete what is in it first. Not atomic: on failure a part is gone.</param>
public sealed record DeleteDirectory(string Path, bool Recursive = false) : FileSystemCommand(Path);

/// <summary>Answer to <see cref="DeleteDirectory"/>.</summary>
/// <param name="Path">As in the command.</param>
public sealed record DirectoryDeleted(string Path) : EngineEvent;

/// <summary>Lists a directory, the first entries of it. Answered by <see cref="DirectoryListed"/>.</summary>
/// <param name="Path">The directory.</param>
public sealed record ListDirectory(string Path) : FileSystemCommand(Path);

/// <summary>
/// Lists further entries of a directory; comes with <see cref="DirectoryListed"/>. Send it once, or dispose of it: it
/// holds the directory open. Answered by <see cref="DirectoryListed"/>.
/// </summary>
public sealed record ListMore : FileSystemCommand, IDisposable
{
    internal ListMore(string path, IEnumerator<DirectoryEntry> entries)
        : base(path) => Entries = entries;

    internal IEnumerator<DirectoryEntry> Entries { get; }

    /// <summary>Closes the directory.</summary>
    public void Dispose() => Entries.Dispose();
}

/// <summary>Answer to <see cref="ListDirectory"/> and <see cref="ListMore"/>.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="Entries">At most 256 entries, in the file system's order.</param>
/// <param name="More">The command that brings the next ones; null at the end.</param>
public sealed record DirectoryListed(string Path, IReadOnlyList<DirectoryEntry> Entries, ListMore? More) : EngineEvent;
