using Actors.Engine.Drivers;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <content>What ends a file: a failed sync, a time limit, closing, and the actor's stop.</content>
internal abstract partial class FileActor
{
    // ------------------------------------------------------------------ poison, timeout, lost operations

    /// <summary>The error number of a sync that failed; null as long as none has.</summary>
    protected int? FailedSync { get; private set; }

    /// <summary>A failed sync: the kernel may have dropped the data, and would answer a retry with success.</summary>
    protected void PoisonBySync(int errno)
    {
        var cause = $"sync of {Spawn.FullPath} failed: {Errno.Describe(errno)}; bytes {DurableLength} to {Length} are "
            + "not known to be durable. Reopen the file and write them again";
        if (FailedSync is null)
        {
            FailedSync = errno;
            Engine.Counters.CountPoisoned();
            Engine.Telemetry.Log.FilePoisoned(errno, cause);
        }

        Poison(new FileFailure(FailureReason.SyncFailed, cause, errno));
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

    private void OnCheckTimeouts()
    {
        var now = Shard.Metrics.Now;
        foreach (var operation in Operations.All)
        {
            if (operation is { Idle: false, Started: true, Abandoned: false }
                && Engine.Clock.GetElapsedTime(operation.Io.RequestedAt, now) > _timeout)
            {
                OnTimedOut(operation);
            }
        }
    }

    private void OnTimedOut(FileOperation operation)
    {
        var failure = new FileFailure(
            FailureReason.TimedOut,
            $"the kernel did not finish within {_timeout.TotalMilliseconds:0} ms on {Spawn.FullPath}; the operation "
            + "may still be performed, so the file takes no further commands");
        Operations.Cancel(operation);
        Abandon(operation, failure);
    }

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
        Lose(operation, failure);
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
        Lose(operation, FailureOf(fault));
        FileOperations.Recycle(operation);
    }

    /// <summary>Answers what an operation without an outcome was for. What came after it would build on it: the file
    /// takes nothing more.</summary>
    private void Lose(FileOperation operation, FileFailure failure)
    {
        if (!_open)
        {
            EndOpen(failure);
            return;
        }

        Answers.FailCovered(operation, failure.Reason, failure.Cause);
        OnAbandoned(operation, failure);
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
            Answers.Succeed(pending, pending.Command is Abort ? new Aborted() : new Closed(Length));
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
        OnStopping();
        var crash = Answers.Crash;
        var reason = crash is null ? FailureReason.Closing : FailureReason.Unexpected;
        var cause = crash is null ? $"the actor of {Spawn.FullPath} stopped" : crash.Message;
        if (!_open)
        {
            Answers.FailOpen(new FileFailure(reason, cause));
        }

        foreach (var operation in Operations.All)
        {
            FailUnfinished(operation, reason, cause);
        }

        Answers.FailAll(Commands, reason, cause);
        ReportDrained(false);
    }

    private void LetGo()
    {
        if (File is not null || Operations.Outstanding > 0)
        {
            new OrphanedFile(Shard, Operations.Pair, File, Answers.Lane, Release).Begin();
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
            Answers.FailCovered(operation, reason, cause);
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
            if (FailedSync is not null)
            {
                Engine.Counters.CountPoisonedClosed();
            }

            _file.Unregister();
            Engine.Coordinator.Tell(new FileReleased(Spawn.Id, Shard.Index), Me);
        }
    }
}
