namespace Actors.Engine;

/// <summary>What a <see cref="Sync"/> makes durable.</summary>
public enum SyncScope
{
    /// <summary>Content and the length needed to read it back (fdatasync).</summary>
    Data,

    /// <summary>Content and all metadata (fsync).</summary>
    All,
}

/// <summary>
/// Makes everything written before it durable; a barrier. Answered by <see cref="Synced"/>. When it fails the file is
/// poisoned: the kernel may have dropped the data, so no retry is made and every later command fails with
/// <see cref="FailureReason.SyncFailed"/>.
/// </summary>
/// <param name="Scope">Data only, or metadata too.</param>
/// <param name="Token">Comes back in the answer.</param>
public sealed record Sync(SyncScope Scope = SyncScope.Data, long Token = 0) : FileCommand;

/// <summary>Answer to <see cref="Sync"/>: every write answered before it is durable.</summary>
/// <param name="Token">As in the command.</param>
/// <param name="Length">The file's length that is known to be durable.</param>
public sealed record Synced(long Token, long Length) : EngineEvent;

/// <summary>Sets the file's length; a barrier. Appends continue at the new end. Answered by
/// <see cref="Truncated"/>.</summary>
/// <param name="Length">New length in bytes, 0 or more.</param>
/// <param name="Token">Comes back in the answer.</param>
public sealed record Truncate(long Length, long Token = 0) : FileCommand;

/// <summary>Answer to <see cref="Truncate"/>.</summary>
/// <param name="Token">As in the command.</param>
/// <param name="Length">The file's length now.</param>
public sealed record Truncated(long Token, long Length) : EngineEvent;

/// <summary>
/// Reserves space on the device without changing the file's length (fallocate with KEEP_SIZE), so that later writes
/// within it cannot fail for want of space; a barrier. Answered by <see cref="Allocated"/>.
/// </summary>
/// <param name="Offset">Start of the range in bytes.</param>
/// <param name="Length">Bytes, more than 0.</param>
/// <param name="Token">Comes back in the answer.</param>
public sealed record Allocate(long Offset, long Length, long Token = 0) : FileCommand;

/// <summary>Answer to <see cref="Allocate"/>.</summary>
/// <param name="Token">As in the command.</param>
public sealed record Allocated(long Token) : EngineEvent;

/// <summary>Looks at the open file, by its descriptor, whatever its name is by now; after everything sent before it.
/// Answered by <see cref="FileStatResult"/>.</summary>
/// <param name="Token">Comes back in the answer.</param>
public sealed record StatFile(long Token = 0) : FileCommand;

/// <summary>Answer to <see cref="StatFile"/>.</summary>
/// <param name="Token">As in the command.</param>
/// <param name="Status">What the file is like.</param>
public sealed record FileStatResult(long Token, FileStatus Status) : EngineEvent;

/// <summary>
/// Takes back the oldest command of this file with the given token. A command still queued is answered
/// <see cref="FailureReason.Cancelled"/>; one in the kernel is cancelled where the backend can. Answered by
/// <see cref="Cancelled"/>.
/// </summary>
/// <param name="Token">The token of the command to take back.</param>
public sealed record Cancel(long Token) : FileCommand
{
    internal override bool EndsWork => true;
}

/// <summary>What became of a <see cref="Cancel"/>.</summary>
public enum CancelOutcome
{
    /// <summary>The command was still queued; it was answered <see cref="FailureReason.Cancelled"/> and did
    /// nothing.</summary>
    TakenBack,

    /// <summary>The command is in the kernel; its own answer says whether it was performed.</summary>
    InFlight,

    /// <summary>No unanswered command has the token.</summary>
    NotFound,
}

/// <summary>Answer to <see cref="Cancel"/>.</summary>
/// <param name="Token">As in the command.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record Cancelled(long Token, CancelOutcome Outcome) : EngineEvent;

/// <summary>
/// Finishes what was sent before it, closes the file and stops the file actor. Answered by <see cref="Closed"/>, or by
/// <see cref="CommandFailed"/> when closing reported an error; the file is closed in either case.
/// </summary>
public sealed record Close : FileCommand
{
    internal override bool EndsWork => true;
}

/// <summary>Answer to <see cref="Close"/>. Says nothing about durability: send <see cref="Sync"/> before it for
/// that.</summary>
/// <param name="Length">The file's length when it was closed; for a reader, as it was at open.</param>
public sealed record Closed(long Length) : EngineEvent;

/// <summary>
/// Gives up: commands not yet in the kernel are answered <see cref="FailureReason.Closing"/>, the file is closed when
/// what is in the kernel has come back. Answered by <see cref="Aborted"/>.
/// </summary>
public sealed record Abort : FileCommand
{
    internal override bool EndsWork => true;
}

/// <summary>Answer to <see cref="Abort"/>.</summary>
public sealed record Aborted : EngineEvent;
