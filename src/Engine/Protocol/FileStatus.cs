namespace Actors.Engine;

/// <summary>What a file, directory or other entry of the file system is like.</summary>
public sealed record FileStatus
{
    /// <summary>File, directory, link or neither.</summary>
    public required FileKind Kind { get; init; }

    /// <summary>Bytes of a file's content; of a symbolic link, of its target's name; otherwise 0.</summary>
    public required long Length { get; init; }

    /// <summary>Permission bits; none on Windows.</summary>
    public required UnixFileMode Mode { get; init; }

    /// <summary>When the content last changed.</summary>
    public required DateTime LastWriteTimeUtc { get; init; }

    /// <summary>When the content was last read, as coarsely as the file system keeps it.</summary>
    public required DateTime LastAccessTimeUtc { get; init; }

    /// <summary>When it was created; null where the file system does not keep it.</summary>
    public DateTime? CreationTimeUtc { get; init; }

    /// <summary>What tells files apart, whatever their names; null where the system does not say.</summary>
    internal (ulong Device, ulong Inode)? Identity { get; init; }

    /// <summary>True for a regular file.</summary>
    public bool IsFile => Kind == FileKind.File;

    /// <summary>True for a directory.</summary>
    public bool IsDirectory => Kind == FileKind.Directory;
}
