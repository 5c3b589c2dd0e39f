using Actors.Engine.Drivers;
using Actors.Engine.Metrics;
using Actors.Engine.Scheduling;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Actors;

/// <summary>A client that sends all of a file's commands itself, and may therefore pass the actor by while it has
/// all its answers.</summary>
internal interface ILaneClient
{
    /// <summary>Set, if at all, before <see cref="Opened"/> is sent.</summary>
    CallerLane? Lane { get; set; }
}

/// <summary>A client that may give up an open before it is answered.</summary>
internal interface IOpenClient
{
    /// <summary>The file is not wanted any more: what has not begun does not begin. From any thread.</summary>
    bool HasGivenUp { get; }
}

/// <summary>A client to the coordinator: its open is not wanted any more. Whatever that has come to, its answer
/// follows.</summary>
internal sealed record WithdrawOpen(IActorRef Client) : IDeadLetterSuppression;

/// <summary>Coordinator to shard actor, and on to the file actor: the client has given up the open.</summary>
internal sealed record WithdrawFile(long Id) : IDeadLetterSuppression;

/// <summary>A client of one command on a path, which stops waiting when the engine stops.</summary>
internal interface IPathClient
{
    /// <summary>The command is about to be performed.</summary>
    /// <returns>False when the client has been told that it is not.</returns>
    bool TryBegin();
}

/// <summary>To a file actor that waits to close: the last transfer of a caller has ended.</summary>
internal sealed class LaneFree : IDeadLetterSuppression
{
    public static readonly LaneFree Instance = new();
}

// Notices that find nobody are no loss and no news: whoever they were for has stopped, and has answered everything.

/// <summary>File actor to backend actor: the queue pair has operations to submit. One object per file, sent again and
/// again, never twice at a time.</summary>
internal sealed class Submit(QueuePair pair) : IDeadLetterSuppression
{
    public QueuePair Pair { get; } = pair;
}

/// <summary>Backend mailbox to file actor: the <see cref="Submit"/> did not get in.</summary>
internal sealed record SubmitRefused(Submit Submit, FailureReason Reason) : IDeadLetterSuppression;

/// <summary>File actor to backend actor: try to cancel an operation that is in the driver. By the time it arrives the
/// operation may be back and in use for another command; <paramref name="Use"/> tells.</summary>
internal sealed record CancelOperation(FileOperation Operation, int Use) : IDeadLetterSuppression;

/// <summary>Backend to file actor: the queue pair's completion queue has something.</summary>
internal sealed class IoCompleted : IDeadLetterSuppression
{
    public static readonly IoCompleted Instance = new();
}

/// <summary>Backend to file actor: operations whose driver failed are waited for no longer.</summary>
internal sealed class OperationsOverdue : IDeadLetterSuppression
{
    public static readonly OperationsOverdue Instance = new();
}

/// <summary>Coordinator to shard actor: spawn the actor of a file.</summary>
/// <param name="Id">Of the file.</param>
/// <param name="Open">The command.</param>
/// <param name="FullPath">What the client named, from the root: what answers name.</param>
/// <param name="Client">Who sent it.</param>
internal sealed record SpawnFile(long Id, Open Open, string FullPath, IActorRef Client)
{
    /// <summary>What is opened.</summary>
    public string OpenedPath => Open.Options?.OpenedPath ?? FullPath;
}

/// <summary>Coordinator to itself: the shard of a file that is to be opened runs now, or why it does not.</summary>
internal sealed record ShardStarted(SpawnFile File, int Shard, Exception? Failure);

/// <summary>Coordinator from wherever a file was closed for good: its descriptor and its name in the registry are free.
/// </summary>
internal sealed record FileReleased(long Id, int Shard) : IDeadLetterSuppression;

/// <summary>File actor to coordinator, once the file is open.</summary>
internal sealed record FileOpened(long Id, IActorRef File) : IDeadLetterSuppression;

/// <summary>Coordinator to file actor: finish, close and report. Passes a full mailbox.</summary>
internal sealed record DrainFile : FileCommand, IDeadLetterSuppression
{
    public static readonly DrainFile Instance = new();
}

/// <summary>Coordinator to shard and file actors: the drain's time is over; stop and report.</summary>
internal sealed class DrainExpired : IDeadLetterSuppression
{
    public static readonly DrainExpired Instance = new();
}

/// <summary>File actor to coordinator: answer to <see cref="DrainFile"/>.</summary>
internal sealed record FileDrained(long Id, DrainedFile Report) : IDeadLetterSuppression;

/// <summary>Metrics actor to coordinator: have every shard that runs report, and tell how many do.</summary>
internal sealed record ReportShards(long Round, bool Reset) : IDeadLetterSuppression;

/// <summary>Answer to <see cref="ReportShards"/>; <paramref name="Shards"/> reports follow or have come.</summary>
internal sealed record OpensReported(long Round, int Shards, int OpenFiles, int QueuedOpens, int QueuedOpensPeak)
    : IDeadLetterSuppression;

/// <summary>To a backend actor, by its shard actor: tell what was counted since the last time.</summary>
internal sealed record ReportShard(long Round) : IDeadLetterSuppression;

/// <summary>Answer to <see cref="ReportShard"/>.</summary>
internal sealed record ShardReported(long Round, int Shard, ShardMetrics Metrics) : IDeadLetterSuppression;

/// <summary>A timer of a file actor with an operation timeout.</summary>
internal sealed class CheckTimeouts : IDeadLetterSuppression
{
    public static readonly CheckTimeouts Instance = new();
}
