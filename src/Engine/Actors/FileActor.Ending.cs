using Actors.Engine.Drivers;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <content>What ends a file: a failed sync, a time limit, closing, and the actor's stop.</content>
internal abstract partial class FileActor
{
    // ------------------------------------------------------------------ poison, timeout

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
        operation.Abandoned = _abandoned = true;
        Operations.Cancel(operation);
        if (!_open)
        {
            EndOpen(failure);
            return;
        }

        FailCovered(operation, failure);
        OnAbandoned(failure);
        Poison(failure);
        if (_closing)
        {
            Context.Stop(Me);
        }
    }

    protected void FailCovered(FileOperation operation, FileFailure failure)
    {
        foreach (ref readonly var covered in operation.Covered)
        {
            Answers.Fail(covered, failure.Reason, failure.Cause);
        }
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
            foreach (ref readonly var covered in operation.Covered)
            {
                Answers.Fail(covered, reason, cause);
            }
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
