using Actors.Engine.Drivers;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <content>What ends a file: a failed sync, a time limit, closing, and the actor's stop.</content>
internal abstract partial class FileActor
{
    // ------------------------------------------------------------------ poison, timeout, lost operations

    /// <summary>The first sync that failed; null as long as none has.</summary>
    protected FileFailure? SyncFailure { get; private set; }

    /// <summary>A failed sync: the kernel may have dropped the data, and would answer a retry with success.</summary>
    protected void PoisonBySync(int errno)
    {
        var cause = $"sync of {Spawn.FullPath} failed: {Errno.Describe(errno)}; bytes {_durableLength} to {CurrentLength()} are "
            + "not known to be durable. Reopen the file and write them again";
        var failure = new FileFailure(FailureReason.SyncFailed, cause, errno);
        if (SyncFailure is null)
        {
            SyncFailure = failure;
            Engine.Counters.CountPoisoned();
            Engine.Telemetry.Log.FilePoisoned(errno, cause);
        }

        Poison(failure);
    }

    /// <summary>Fails what waits and whatever still comes, except for closing.</summary>
    private void Poison(FileFailure failure)
    {
        _poison ??= failure;
        for (var i = 0; i < Commands.Count;)
        {
            if (Commands[i].Command is Close or Abort or DrainFile)
            {
                i++;
            }
            else
            {
                Answers.Fail(Commands.RemoveAt(i), failure.Reason, failure.Cause, failure.Errno);
            }
        }
    }

    /// <summary>A close is not ended but left to itself: whatever its answer is, the descriptor has to go.</summary>
    private void OnCheckTimeouts()
    {
        bool wasAny;
        do
        {
            wasAny = EndOverdue();
            Advance();
        }
        while (wasAny);
    }

    /// <returns>Whether there was any: what has started in its place may be overdue as well.</returns>
    private bool EndOverdue()
    {
        // Not the time now: the kernel may have finished while the shard was busy, and nobody has looked yet.
        var now = Shard.Scheduler.KnownAt;
        var wasAny = false;
        foreach (var operation in Operations.All)
        {
            if (operation is not { Idle: false, Started: true, Abandoned: false } || !IsOverdue(operation.Io, now))
            {
                continue;
            }

            wasAny = true;
            if (operation.Io.Kind == IoKind.Close || !Operations.TryEnd(operation, Errno.ETIMEDOUT))
            {
                OnTimedOut(operation);
            }
        }

        return wasAny;
    }

    /// <summary>The limit is on the time that the kernel has had it. What waits for its turn is overdue once nothing of
    /// the shard has come back for as long, or the kernel has kept the shard's thread for as long, whenever it began to
    /// wait: then nobody knows whether its turn will come.</summary>
    private bool IsOverdue(IoOperation operation, long now)
    {
        var begunAt = Volatile.Read(ref operation.BegunAt);
        if (begunAt == 0 && Shard.KeptFor > _timeout)
        {
            return true;
        }

        var since = begunAt != 0 ? begunAt : Math.Max(operation.StartedAt, Shard.Scheduler.CameBackAt);
        return Engine.Clock.GetElapsedTime(since, now) > _timeout;
    }

    private void OnTimedOut(FileOperation operation)
    {
        Operations.Cancel(operation);
        Abandon(operation, TookTooLong());
    }

    private FileFailure TookTooLong() => new(
        FailureReason.TimedOut,
        $"the kernel did not finish within {_timeout.TotalMilliseconds:0} ms on {Spawn.FullPath}; the operation "
        + "may still be performed, so the file takes no further commands");

    /// <summary>The driver has failed with operations, and does not give them back.</summary>
    private void OnOverdue()
    {
        foreach (var operation in Operations.All)
        {
            if (operation is { Idle: false, Started: true, Abandoned: false, Io.Fault: { } fault })
            {
                Abandon(operation, FailureOf(fault));
            }
        }
    }

    /// <summary>Waits no longer for an operation that may still be performed.</summary>
    private void Abandon(FileOperation operation, FileFailure failure)
    {
        operation.Abandoned = _abandoned = true;
        Lose(operation, failure, isUnfinished: true);
        if (_closing)
        {
            Context.Stop(Me);
        }
    }

    /// <summary>The driver has failed with an operation, which is back, and nobody knows what was done of it.</summary>
    private void OnLost(FileOperation operation, DriverFault fault)
    {
        if (operation.Io.Kind == IoKind.Close)
        {
            // It may have been closed, and its number be another's by now: rather one descriptor too many than that.
            _file.Handle = null;
            Context.Stop(Me);
        }

        _barrier = false;
        Lose(operation, FailureOf(fault), isUnfinished: false);
        FileOperations.Recycle(operation);
    }

    /// <summary>Answers what an operation without an outcome was for. What came after it would build on it: the file
    /// takes nothing more.</summary>
    private void Lose(FileOperation operation, FileFailure failure, bool isUnfinished)
    {
        if (!_open)
        {
            EndOpen(failure, isUnfinished);
            return;
        }

        Answers.FailCovered(operation, failure.Reason, failure.Cause, isUnfinished);
        OnAbandoned(failure);
        Poison(failure);
    }

    private FileFailure FailureOf(DriverFault fault)
    {
        Answers.Fault = fault.Exception;
        return new FileFailure(
            FailureReason.Unexpected,
            $"{fault.Cause}. What it had of {Spawn.FullPath} may or may not be performed; the file takes no further "
            + "commands. Open it again");
    }

    // ------------------------------------------------------------------ the end

    private void BeginClose(in Pending pending)
    {
        _closing = true;
        if (_abandoned)
        {
            // What the kernel never gave back cannot be waited for; the descriptor is closed if it ever does.
            Answers.Fail(pending, _poison!.Reason, _poison.Cause);
            Context.Stop(Me);
            return;
        }

        if (pending.Command is Abort)
        {
            Answers.FailAll(Commands, FailureReason.Closing, $"{Spawn.FullPath} was aborted");
        }

        Commands.Enqueue(pending);
    }

    private void OnClosed(in Pending pending, int errno)
    {
        // The name first, so that whoever gets the answer can open the file again; the place among the open files last,
        // so that a drain has this file's report before it counts it as gone.
        _file.Handle = null;
        _file.Unregister();
        if (pending.Command is DrainFile)
        {
            _drain = pending;
        }
        else if (errno != 0)
        {
            Answers.FailKernel(pending, errno);
        }
        else
        {
            Answers.Succeed(pending, pending.Command is Abort ? new Aborted() : new Closed(_lengthAtBarrier));
        }

        ReportDrained(errno == 0 && _poison is null);
        Release();
        Context.Stop(Me);
    }

    protected override void PostStop()
    {
        _timer?.Cancel();
        try
        {
            AnswerWhatIsLeft();
        }
        finally
        {
            LetGo();
        }
    }

    private void AnswerWhatIsLeft()
    {
        TakeWhatIsBack();
        OnStopping();
        Operations.Withdraw();
        var crash = Answers.Crash;
        var reason = crash is null ? FailureReason.Closing : FailureReason.Unexpected;
        var cause = crash is null ? $"the actor of {Spawn.FullPath} stopped" : crash.Message;
        if (!_open && !_isRelieved)
        {
            Answers.FailOpen(new FileFailure(reason, cause), isUnfinished: Operations.Outstanding > 0);
        }

        foreach (var operation in Operations.All)
        {
            FailUnfinished(operation, reason, cause);
        }

        OnAbandoned(new FileFailure(reason, cause));

        Answers.FailAll(Commands, reason, cause);
        ReportDrained(false);
    }

    /// <inheritdoc/>
    void IRelievable.OnRelieved() => Relieve(new FileFailure(
        FailureReason.Closing, $"the engine stopped while the kernel held an operation on {Spawn.FullPath}"));

    /// <inheritdoc/>
    void IRelievable.OnKept(TimeSpan time)
    {
        if (_timeout > TimeSpan.Zero && time > _timeout)
        {
            Relieve(TookTooLong());
        }
    }

    private void Relieve(FileFailure failure)
    {
        if (_isRelieved)
        {
            return;
        }

        _isRelieved = _closing = true;
        if (!_open)
        {
            Answers.FailOpen(failure, isUnfinished: true);
        }

        Operations.Withdraw();
        foreach (var operation in Operations.All)
        {
            if (operation is { Idle: false, Abandoned: false })
            {
                operation.Abandoned = true;
                Answers.FailCovered(operation, failure.Reason, failure.Cause, isUnfinished: operation.Started);
            }
        }

        OnAbandoned(failure);
        OnStopping();
        Answers.FailAll(Commands, failure.Reason, failure.Cause);
        Answers.AddUnacknowledged(_queue?.RefuseAll(Me, failure.Reason) ?? 0);
        Answers.ReportDrained(Engine.Coordinator, false);
        ((IInternalActorRef)Me).Stop();
    }

    /// <summary>What the kernel has performed is told as performed.</summary>
    private void TakeWhatIsBack()
    {
        try
        {
            if (_open && Answers.Crash is null)
            {
                TakeCompletions();
            }
        }
        catch (Exception e)
        {
            Answers.Crash = e;
        }
    }

    private void LetGo()
    {
        if (File is not null || Operations.Outstanding > 0)
        {
            new OrphanedFile(Shard, Operations.Pair, File, Answers.Lane, Engine.Calls.Blocking, Release).Begin();
        }
        else
        {
            Release();
        }
    }

    private void FailUnfinished(FileOperation operation, FailureReason reason, string cause)
    {
        if (!operation.Idle && !operation.Abandoned)
        {
            Answers.FailCovered(operation, reason, cause, isUnfinished: operation.Started);
        }

        if (operation.Idle || !operation.Started)
        {
            operation.ReleaseMemory();
        }
    }

    /// <summary>Reports to a drain that found the file closing already.</summary>
    private void ReportDrained(bool finished)
    {
        if (_drain is { } drain)
        {
            _drain = null;
            Answers.ReportDrained(drain.Sender, finished);
        }
    }

    private void Release()
    {
        if (!_released)
        {
            _released = true;
            if (SyncFailure is not null)
            {
                Engine.Counters.CountPoisonedClosed();
            }

            _file.Unregister();
            Engine.Credits.Give(_window);
            Engine.Coordinator.Tell(new FileReleased(Spawn.Id, Shard.Index), Me);
        }
    }
}
