namespace Actors.Engine;

/// <summary>
/// A command on a path rather than an open file, to the coordinator. Performed beside the actors, for it blocks, and
/// answered straight to the sender; commands under way at once are performed in no particular order. What was performed
/// and could not be made durable is answered <see cref="FailureReason.NotDurable"/>.
/// </summary>
/// <param name="Path">Absolute, or relative to the current directory.</param>
public abstract record FileSystemCommand(string Path) : EngineCommand
{
    /// <summary>Takes the command back while it has not started; the ones that take long say what else. It is then
    /// answered <see cref="FailureReason.Cancelled"/>.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>Looks at a path. Answered by <see cref="StatResult"/>.</summary>
/// <param name="Path">File, directory or whatever else.</param>
/// <param name="FollowLinks">Look at what a symbolic link leads to rather than at the link.</param>
public sealed record Stat(string Path, bool FollowLinks = true) : FileSystemCommand(Path);

/// <summary>Answer to <see cref="Stat"/>.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="Status">What is there.</param>
public sealed record StatResult(string Path, FileStatus Status) : EngineEvent;

/// <summary>
/// Renames a file or directory, replacing the target when <paramref name="Overwrite"/> says so; durable, for the
/// target's directory is synced. Answered by <see cref="Renamed"/>.
/// </summary>
/// <param name="Path">What exists.</param>
/// <param name="NewPath">Its new name, on the same file system; on another, <see
/// cref="FailureReason.NotSupported"/>.</param>
/// <param name="Overwrite">Replace an existing file; otherwise <see cref="FailureReason.AlreadyExists"/>.</param>
public sealed record Rename(string Path, string NewPath, bool Overwrite = false) : FileSystemCommand(Path);

/// <summary>Answer to <see cref="Rename"/>.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="NewPath">As in the command.</param>
public sealed record Renamed(string Path, string NewPath) : EngineEvent;

/// <summary>Deletes a file, or a symbolic link itself. Answered by <see cref="Deleted"/>; a missing file is
/// <see cref="FailureReason.NotFound"/>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Durable">Sync the directory, so that the file does not come back after a crash.</param>
public sealed record Delete(string Path, bool Durable = true) : FileSystemCommand(Path);

/// <summary>Answer to <see cref="Delete"/>.</summary>
/// <param name="Path">As in the command.</param>
public sealed record Deleted(string Path) : EngineEvent;

/// <summary>
/// Gives a file new content, atomically and durably: temporary file in the same directory, fsync, rename, fsync of the
/// directory. A reader sees the old content or the new, never a mixture. Answered by <see cref="Replaced"/>.
/// </summary>
/// <param name="Path">The file; created when missing. A symbolic link is replaced itself; a directory, pipe or device is
/// <see cref="FailureReason.NotARegularFile"/>.</param>
/// <param name="Data">Its new content; belongs to the engine until the answer.</param>
/// <param name="CreateMode">Permission bits when the file is new, before umask; an existing file keeps its own.
/// Default 0666.</param>
public sealed record Replace(string Path, ReadOnlyMemory<byte> Data, UnixFileMode? CreateMode = null)
    : FileSystemCommand(Path);

/// <summary>Answer to <see cref="Replace"/>: durable.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="Length">Bytes of the new content.</param>
public sealed record Replaced(string Path, long Length) : EngineEvent;

/// <summary>Puts what was written beside a file in its place, durably. Answered by <see
/// cref="ReplacementCommitted"/>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Temporary">Its new content, in the same directory.</param>
internal sealed record CommitReplacement(string Path, string Temporary) : FileSystemCommand(Path);

/// <summary>Answer to <see cref="CommitReplacement"/>.</summary>
internal sealed record ReplacementCommitted : EngineEvent;

/// <summary>Sets permission bits (chmod); <see cref="FailureReason.NotSupported"/> on Windows. Answered by
/// <see cref="ModeSet"/>.</summary>
/// <param name="Path">File or directory.</param>
/// <param name="Mode">All of its permission bits; umask does not touch them.</param>
public sealed record SetMode(string Path, UnixFileMode Mode) : FileSystemCommand(Path);

/// <summary>Answer to <see cref="SetMode"/>.</summary>
/// <param name="Path">As in the command.</param>
public sealed record ModeSet(string Path) : EngineEvent;
