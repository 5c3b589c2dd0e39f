using Actors.Engine.Backpressure;
using Actors.Engine.Drivers;
using Actors.Engine.Metrics;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// The answers of one file actor: each command gets one, is counted once, and makes room in the mailbox when it has
/// been given.
/// </summary>
internal sealed class FileAnswers(
    SpawnFile spawn, IActorRef self, BoundedMessageQueue? queue, ShardMetrics metrics)
{
    private long _acknowledged;
    private long _unacknowledged;

    /// <summary>What ended the actor; attached to failures with the reason <see cref="FailureReason.Unexpected"/>.
    /// </summary>
    public Exception? Crash { get; set; }

    /// <summary>What the driver failed of, attached likewise.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Where the client does transfers of its own, if it does.</summary>
    public CallerLane? Lane { get; set; }

    /// <summary>A command as it arrives, timed if it is its turn.</summary>
    public Pending Arrived(FileCommand command, IActorRef sender)
    {
        if (queue is not null && queue.UnansweredMessages > metrics.MailboxHighWater)
        {
            metrics.MailboxHighWater = queue.UnansweredMessages;
        }

        return new Pending(command, sender, metrics.NextTimestamp());
    }

    /// <summary>The report of a drain is of what fails from now on.</summary>
    public void BeginDrain() => _unacknowledged = 0;

    public void Succeed(in Pending pending, EngineEvent answer)
    {
        Count(pending, null);
        pending.Sender.Tell(answer, self);
    }

    /// <summary>Fails a command for what the kernel said.</summary>
    public void FailKernel(in Pending pending, int errno, long bytesDone = 0, FailureReason? reason = null) => Fail(
        pending, reason ?? CompletionDecision.ReasonOf(errno),
        $"{pending.Command.GetType().Name} on {spawn.FullPath}: {Errno.Describe(errno)}", errno, bytesDone);

    public void Fail(in Pending pending, FailureReason reason, string cause, int errno = 0, long bytesDone = 0)
    {
        Count(pending, reason);
        if (pending.Command is DrainFile)
        {
            ReportDrained(pending.Sender, false);
            return;
        }

        pending.Sender.Tell(
            new CommandFailed(pending.Command, reason, cause, errno, bytesDone, ExceptionOf(reason)), self);
    }

    /// <summary>Fails what an operation covers that has not come to its end. What is known to be done of it is that of
    /// the first commands.</summary>
    public void FailCovered(FileOperation operation, FailureReason reason, string cause)
    {
        var done = operation.BytesDone;
        foreach (ref readonly var covered in operation.Covered)
        {
            var performed = covered.Command is Write write ? Math.Min(done, write.Data.Length) : done;
            done -= performed;
            Fail(covered, reason, cause, bytesDone: performed);
        }
    }

    public void FailAll(PendingCommands commands, FailureReason reason, string cause)
    {
        while (commands.Count > 0)
        {
            Fail(commands.Dequeue(), reason, cause);
        }
    }

    public void FailOpen(FileFailure failure)
    {
        metrics.CountFailure(failure.Reason);
        spawn.Client.Tell(
            new CommandFailed(
                spawn.Open, failure.Reason, failure.Cause, failure.Errno, Exception: ExceptionOf(failure.Reason)),
            self);
    }

    private Exception? ExceptionOf(FailureReason reason) =>
        reason == FailureReason.Unexpected ? Crash ?? Fault : null;

    public void ReportDrained(IActorRef coordinator, bool finished) => coordinator.Tell(
        new FileDrained(
            spawn.Id,
            new DrainedFile(
                spawn.FullPath, _acknowledged + (Lane?.Acknowledged ?? 0), _unacknowledged, finished)),
        self);

    /// <summary>Counts commands that succeeded, without sending anything; for an answer that covers them all.</summary>
    /// <param name="covered">The commands.</param>
    /// <param name="bytes">What their data came to.</param>
    public void CountAll(ReadOnlySpan<Pending> covered, long bytes)
    {
        foreach (ref readonly var pending in covered)
        {
            if (pending.ArrivedAt != 0)
            {
                metrics.Total.RecordBetween(pending.ArrivedAt, metrics.Now);
            }
        }

        queue?.Answered(covered.Length, bytes);
        metrics.Operations += covered.Length;
        _acknowledged += covered.Length;
    }

    private void Count(in Pending pending, FailureReason? failure)
    {
        if (pending.ArrivedAt != 0)
        {
            metrics.Total.RecordBetween(pending.ArrivedAt, metrics.Now);
        }

        if (pending.Command is DrainFile)
        {
            // The engine's own, and not counted by the mailbox.
            return;
        }

        queue?.Answered(1, pending.Command.QueuedBytes);
        if (failure is { } reason)
        {
            metrics.CountFailure(reason);
            _unacknowledged++;
        }
        else
        {
            metrics.Operations++;
            _acknowledged++;
        }
    }
}
