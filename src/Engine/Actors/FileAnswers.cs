using Actors.Engine.Backpressure;
using Actors.Engine.Drivers;
using Actors.Engine.Memory;
using Actors.Engine.Metrics;
using Actors.Engine.Shards;
using Actors.Engine.Telemetry;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// The answers of one file actor: each command gets one, is counted once, and makes room in the mailbox when it has
/// been given. A client whose mailbox throws hurts nobody but itself.
/// </summary>
internal sealed class FileAnswers(SpawnFile spawn, IActorRef self, BoundedMessageQueue? queue, Shard shard)
{
    private readonly ShardMetrics _metrics = shard.Metrics;
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
        if (queue is not null && queue.UnansweredMessages > _metrics.MailboxHighWater)
        {
            _metrics.MailboxHighWater = queue.UnansweredMessages;
        }

        return new Pending(command, sender, _metrics.NextTimestamp());
    }

    /// <summary>The report of a drain is of what fails from now on.</summary>
    public void BeginDrain() => _unacknowledged = 0;

    /// <summary>Counts commands that the mailbox has answered in the actor's place.</summary>
    public void AddUnacknowledged(int count) => _unacknowledged += count;

    public void Succeed(in Pending pending, EngineEvent answer)
    {
        Count(pending, null);
        Tell(pending.Sender, answer);
    }

    /// <summary>Fails a command for what the kernel said.</summary>
    public void FailKernel(in Pending pending, int errno, long bytesDone = 0, FailureReason? reason = null) => Fail(
        pending, reason ?? CompletionDecision.ReasonOf(errno),
        $"{pending.Command.GetType().Name} on {spawn.FullPath}: {Describe(errno)}", errno, bytesDone);

    public void Fail(
        in Pending pending, FailureReason reason, string cause, int errno = 0, long bytesDone = 0,
        bool isUnfinished = false)
    {
        Count(pending, reason);
        if (isUnfinished)
        {
            IoBuffer.Abandon(pending.Command.HeldMemory);
        }

        if (pending.Command is DrainFile)
        {
            ReportDrained(pending.Sender, false);
            return;
        }

        Tell(
            pending.Sender,
            new CommandFailed(pending.Command, reason, cause, errno, bytesDone, ExceptionOf(reason))
            {
                IsUnfinished = isUnfinished,
            });
    }

    /// <summary>Fails what an operation covers that has not come to its end. What is known to be done of it is that of
    /// the first commands.</summary>
    public void FailCovered(FileOperation operation, FailureReason reason, string cause, bool isUnfinished)
    {
        var done = operation.BytesDone;
        foreach (ref readonly var covered in operation.Covered)
        {
            var performed = covered.Command is Write write ? Math.Min(done, write.Data.Length) : done;
            done -= performed;
            Fail(covered, reason, cause, bytesDone: performed, isUnfinished: isUnfinished);
        }
    }

    public void FailAll(PendingCommands commands, FailureReason reason, string cause)
    {
        while (commands.Count > 0)
        {
            Fail(commands.Dequeue(), reason, cause);
        }
    }

    public void FailOpen(FileFailure failure, bool isUnfinished = false)
    {
        _metrics.CountFailure(failure.Reason);
        Tell(
            spawn.Client,
            new CommandFailed(
                spawn.Open, failure.Reason, failure.Cause, failure.Errno, Exception: ExceptionOf(failure.Reason))
            {
                IsUnfinished = isUnfinished,
            });
    }

    /// <summary>A refused command of the engine is told <paramref name="finished"/> only if no command of the file was
    /// answered with a failure since the drain began.</summary>
    public void ReportDrained(IActorRef coordinator, bool finished) => Tell(
        coordinator,
        new FileDrained(
            spawn.Id,
            new DrainedFile(
                spawn.FullPath, _acknowledged + (Lane?.Acknowledged ?? 0), _unacknowledged,
                finished && _unacknowledged == 0)));

    /// <summary>Counts commands that succeeded, without sending anything; for an answer that covers them all.</summary>
    /// <param name="covered">The commands.</param>
    /// <param name="bytes">What their data came to.</param>
    public void CountAll(ReadOnlySpan<Pending> covered, long bytes)
    {
        foreach (ref readonly var pending in covered)
        {
            if (pending.ArrivedAt != 0)
            {
                _metrics.Total.RecordBetween(pending.ArrivedAt, _metrics.Now);
            }
        }

        queue?.Answered(covered.Length, bytes);
        _metrics.Operations += covered.Length;
        _acknowledged += covered.Length;
    }

    /// <summary>Sends to a client, whose mailbox may be anybody's code.</summary>
    /// <returns>False when the mailbox threw, so that nobody has the message.</returns>
    public bool Tell(IActorRef client, object message)
    {
        if (client.TryTell(message, self) is { } thrown)
        {
            shard.Watch.OnError(thrown);
            return false;
        }

        return true;
    }

    private static string Describe(int errno) => errno == Errno.ETIMEDOUT
        ? "it had no turn within the file's time limit, or the file system gave up"
        : Errno.Describe(errno);

    private Exception? ExceptionOf(FailureReason reason) =>
        reason == FailureReason.Unexpected ? Crash ?? Fault : null;

    private void Count(in Pending pending, FailureReason? failure)
    {
        if (pending.ArrivedAt != 0)
        {
            _metrics.Total.RecordBetween(pending.ArrivedAt, _metrics.Now);
        }

        if (pending.Command is DrainFile)
        {
            // The engine's own, and not counted by the mailbox.
            return;
        }

        queue?.Answered(pending.Command);
        if (failure is { } reason)
        {
            _metrics.CountFailure(reason);
            _unacknowledged++;
        }
        else
        {
            _metrics.Operations++;
            _acknowledged++;
        }
    }
}
