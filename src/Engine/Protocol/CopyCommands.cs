namespace Actors.Engine;

/// <summary>
/// Copies a file, with its permission bits (not set-uid and set-gid) where the file system lets it. The copy is made
/// under a temporary name beside the target and renamed: the target has its old content or all of the new. Answered by
/// <see cref="Copied"/>. Cancelled between chunks of 8 MiB; nothing is left of the copy then.
/// </summary>
/// <param name="Path">The file; symbolic links are followed.</param>
/// <param name="Target">The copy's name, in a directory that exists. A symbolic link there is replaced itself; a directory,
/// pipe or device is <see cref="FailureReason.NotARegularFile"/>.</param>
/// <param name="Overwrite">Replace an existing file; otherwise <see cref="FailureReason.AlreadyExists"/>.</param>
/// <param name="Durable">Sync the copy and its directory.</param>
public sealed record Copy(string Path, string Target, bool Overwrite = false, bool Durable = false)
    : FileSystemCommand(Path);

/// <summary>Answer to <see cref="Copy"/>.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="Target">As in the command.</param>
/// <param name="Bytes">Length of the copy, holes included.</param>
/// <param name="Method">How it was made.</param>
public sealed record Copied(string Path, string Target, long Bytes, CopyMethod Method) : EngineEvent;

/// <summary>How a file's content came into its copy.</summary>
public enum CopyMethod
{
    /// <summary>Shared with the source until one of them is written (FICLONE).</summary>
    Reflink,

    /// <summary>Moved by the system without passing through the process (copy_file_range).</summary>
    Kernel,

    /// <summary>Read and written.</summary>
    ReadWrite,
}

/// <summary>
/// Copies a directory with everything below it. Answered by <see cref="TreeCopied"/>. Cancelled between files and
/// between chunks of 8 MiB; whole files that are there by then stay, of others nothing does.
/// </summary>
/// <param name="Path">The directory.</param>
/// <param name="Target">Its copy; created when missing, in a directory that exists; merged into when present.</param>
/// <param name="Options">Null for the defaults.</param>
/// <param name="Progress">Told how far it is, on the threads that copy, one call at a time.</param>
public sealed record CopyTree(
    string Path, string Target, TreeCopyOptions? Options = null, IProgress<TreeCopyProgress>? Progress = null)
    : FileSystemCommand(Path);

/// <summary>Answer to <see cref="CopyTree"/>.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="Target">As in the command.</param>
/// <param name="Report">What was copied and what was not.</param>
public sealed record TreeCopied(string Path, string Target, TreeCopyReport Report) : EngineEvent;
