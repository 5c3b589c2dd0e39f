namespace Actors.Engine;

/// <summary>Why a command failed. The set is closed; every errno maps to one of these.</summary>
public enum FailureReason
{
    /// <summary>The file's command queue is full: more was sent than <see cref="Opened.Credits"/> allow.</summary>
    MailboxFull,

    /// <summary>The file or the engine is closing, or was stopped, before the command was performed. One that was in
    /// the kernel then may still be performed: see <see cref="CommandFailed.IsUnfinished"/>.</summary>
    Closing,

    /// <summary>The command went to a file that is not open any more.</summary>
    NotOpen,

    /// <summary>The file is already open for writing in this engine (known by device and inode).</summary>
    AlreadyOpen,

    /// <summary>Another process holds the advisory lock.</summary>
    Locked,

    /// <summary>No such file or directory.</summary>
    NotFound,

    /// <summary>The file exists and must not.</summary>
    AlreadyExists,

    /// <summary>Permission denied.</summary>
    AccessDenied,

    /// <summary>A directory, pipe, socket or device where a regular file is needed.</summary>
    NotARegularFile,

    /// <summary>The file system is read-only.</summary>
    ReadOnlyFileSystem,

    /// <summary>As many files are open as limits allow, and none closed within <c>open-queue-timeout</c>.</summary>
    TooManyOpenFiles,

    /// <summary>No space left on the device or in a directory, or quota exceeded.</summary>
    NoSpace,

    /// <summary>The file would exceed what the file system or RLIMIT_FSIZE allows.</summary>
    FileTooLarge,

    /// <summary>The device failed (EIO), or the system gave an error that has no reason of its own.</summary>
    IoError,

    /// <summary>An argument is out of range, or unaligned under direct I/O.</summary>
    InvalidArgument,

    /// <summary>The command does not apply to this file's mode, or the platform cannot do it.</summary>
    NotSupported,

    /// <summary>A line is longer than <c>reader.line-size-max</c>.</summary>
    LineTooLong,

    /// <summary>Taken back by <see cref="Cancel"/>.</summary>
    Cancelled,

    /// <summary>The kernel did not finish it within the operation timeout; it may still be performed.</summary>
    TimedOut,

    /// <summary>A sync of this file failed earlier or now; what was not synced before may be lost.</summary>
    SyncFailed,

    /// <summary>A defect of the engine; the cause is attached.</summary>
    Unexpected,

    /// <summary>A directory that is to be deleted or replaced is not empty.</summary>
    NotEmpty,

    /// <summary>The command on a path was performed, and is not known to be durable: its directory could not be synced.
    /// The change is visible, and a crash of the machine may undo it. Where a file system cannot sync directories at all,
    /// there is no such failure.</summary>
    NotDurable,

    /// <summary>The system has no memory, thread or kernel worker to perform it with; nothing was done.</summary>
    OutOfResources,
}

/// <summary>
/// The answer to a command that was not performed, or, with <see cref="FailureReason.NotDurable"/>, that was.
/// </summary>
/// <param name="Command">The command, as sent.</param>
/// <param name="Reason">Why, from a closed set.</param>
/// <param name="Cause">One sentence: what was tried, on which path, what the system said.</param>
/// <param name="Errno">The operating system's error number, or 0.</param>
/// <param name="BytesDone">Bytes of this command that were performed before it failed: the prefix that is in the
/// file.</param>
/// <param name="Exception">The exception behind <see cref="FailureReason.Unexpected"/>; otherwise null.</param>
public sealed record CommandFailed(
    EngineCommand Command,
    FailureReason Reason,
    string Cause,
    int Errno = 0,
    long BytesDone = 0,
    Exception? Exception = null) : EngineEvent
{
    /// <summary>What it failed on, where that is not the command's path: an entry of a tree.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// True when the answer did not wait for the kernel: the command may still be performed, and its memory may still be
    /// read or filled. Never reuse that memory; leave it to the collector. Only with <see cref="FailureReason.TimedOut"/>,
    /// <see cref="FailureReason.Closing"/> and <see cref="FailureReason.Unexpected"/>.
    /// </summary>
    public bool IsUnfinished { get; init; }
}
