namespace Actors.Engine;

/// <summary>To the coordinator: looks at a path. Answered by <see cref="StatResult"/>.</summary>
/// <param name="Path">File or directory.</param>
public sealed record Stat(string Path) : EngineCommand;

/// <summary>Answer to <see cref="Stat"/>.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="Length">Bytes; 0 for a directory.</param>
/// <param name="IsDirectory">True for a directory.</param>
/// <param name="LastWriteTimeUtc">When the content last changed.</param>
public sealed record StatResult(string Path, long Length, bool IsDirectory, DateTime LastWriteTimeUtc) : EngineEvent;

/// <summary>
/// To the coordinator: renames a file, replacing the target when <paramref name="Overwrite"/> says so; durable, for the
/// target's directory is synced. Answered by <see cref="Renamed"/>.
/// </summary>
/// <param name="Path">Existing file.</param>
/// <param name="NewPath">Its new name, on the same file system.</param>
/// <param name="Overwrite">Replace an existing target; otherwise <see cref="FailureReason.AlreadyExists"/>.</param>
public sealed record Rename(string Path, string NewPath, bool Overwrite = false) : EngineCommand;

/// <summary>Answer to <see cref="Rename"/>.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="NewPath">As in the command.</param>
public sealed record Renamed(string Path, string NewPath) : EngineEvent;

/// <summary>To the coordinator: deletes a file. Answered by <see cref="Deleted"/>; a missing file is
/// <see cref="FailureReason.NotFound"/>.</summary>
/// <param name="Path">The file.</param>
public sealed record Delete(string Path) : EngineCommand;

/// <summary>Answer to <see cref="Delete"/>.</summary>
/// <param name="Path">As in the command.</param>
public sealed record Deleted(string Path) : EngineEvent;

/// <summary>
/// To the coordinator: gives a file new content, atomically and durably: temporary file in the same directory, fsync,
/// rename, fsync of the directory. A reader sees the old content or the new, never a mixture. Answered by
/// <see cref="Replaced"/>.
/// </summary>
/// <param name="Path">The file; created when missing.</param>
/// <param name="Data">Its new content; belongs to the engine until the answer.</param>
/// <param name="CreateMode">Permission bits when the file is new, before umask; an existing file keeps its own.
/// Default 0644.</param>
public sealed record Replace(string Path, ReadOnlyMemory<byte> Data, UnixFileMode? CreateMode = null) : EngineCommand;

/// <summary>Answer to <see cref="Replace"/>: durable.</summary>
/// <param name="Path">As in the command.</param>
/// <param name="Length">Bytes of the new content.</param>
public sealed record Replaced(string Path, long Length) : EngineEvent;
