namespace Actors.Engine;

/// <summary>How a tree is copied.</summary>
public sealed record TreeCopyOptions
{
    /// <summary>Files copied at a time, 1 to 64, each by a thread of its own. Default: as many as there are processors,
    /// at most 8. One thread on systems other than Linux.</summary>
    public int? Parallelism { get; init; }

    /// <summary>Replace files and links that are there; otherwise they are errors of <see
    /// cref="FailureReason.AlreadyExists"/>. Directories that are there are merged into in either case.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Copy what symbolic links lead to, rather than the links. A link that leads nowhere, or to a directory
    /// that it is in, is skipped.</summary>
    public bool FollowSymbolicLinks { get; init; }

    /// <summary>Give files and directories the permission bits of their originals, whatever umask says (not set-uid,
    /// set-gid and sticky). A file system that refuses it does not fail the copy. Default true.</summary>
    public bool PreserveModes { get; init; } = true;

    /// <summary>Give files, links and directories the access and modification times of their originals. A file system
    /// that refuses it does not fail the copy.</summary>
    public bool PreserveTimes { get; init; }

    /// <summary>Read each file and its copy again and compare them, through the page cache: this finds a fault in
    /// copying, not one of the device. A file that differs is <see cref="FailureReason.IoError"/>, and its copy
    /// removed.</summary>
    public bool Verify { get; init; }

    /// <summary>Make the whole copy durable at the end, by one syncfs(2) of the target's file system; on other systems
    /// file by file.</summary>
    public bool Durable { get; init; }

    /// <summary>Go on after an error, and report it; otherwise the first one ends the copy and is thrown.</summary>
    public bool ContinueOnError { get; init; }
}
