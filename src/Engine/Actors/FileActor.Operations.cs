using System.Diagnostics.CodeAnalysis;
using Actors.Engine.Drivers;
using Actors.Engine.Memory;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <content>Operations on their way: started, come back, answered.</content>
internal abstract partial class FileActor
{
    /// <summary>Starts an operation; with a timeout set, sees to it that somebody looks at the clock.</summary>
    protected void Start(FileOperation operation)
    {
        if (_timer is null && _timeout > TimeSpan.Zero)
        {
            var interval = TimeSpan.FromTicks(Math.Max(_timeout.Ticks / 4, TimeSpan.TicksPerMillisecond));
            _timer = new Cancelable(Context.System.Scheduler);
            Context.System.Scheduler.Advanced.ScheduleRepeatedly(interval, interval, LookAtTheClock, _timer);
            Operations.AreTimed = Shard.Scheduler.IsTimed = true;
        }

        Operations.Start(operation, mayPerform: operation.Io.Kind is IoKind.Read or IoKind.Write);
    }

    /// <summary>On the scheduler's thread: the shard's own may be kept by the kernel, for another file.</summary>
    private void LookAtTheClock()
    {
        Shard.RelieveIfStuck();
        Me.Tell(CheckTimeouts.Instance, ActorRefs.NoSender);
    }

    /// <summary>A pooled buffer; when there is none, this actor is told once there is, and tries again.</summary>
    protected bool TryRentSlab(int size, [NotNullWhen(true)] out Slab? slab)
    {
        slab = Shard.Buffers.TryRent(size);
        if (slab is null && !_waitsForBuffer)
        {
            _waitsForBuffer = true;
            Engine.Telemetry.Log.BuffersExhausted(Shard.Index, Shard.Buffers.BytesMax);
            Shard.WaitForBuffer(Me);
        }

        return slab is not null;
    }

    /// <summary>The message that comes after the one being handled, left where it is; null when none waits.</summary>
    protected object? PeekMessage() => _queue?.Peek();

    /// <summary>Takes out the command that <see cref="PeekMessage"/> has just shown. Only while nothing is closing and
    /// nothing waits in <see cref="Commands"/>, behind which it belongs.</summary>
    protected Pending TakePeeked(FileCommand command)
    {
        return Answers.Arrived(command, _queue!.TakePeeked().Sender ?? _context.System.DeadLetters);
    }

    /// <summary>Bytes in the file now, as the kernel knows; when it does not say, as it last said.</summary>
    protected long CurrentLength()
    {
        TryGetLength(out var length);
        return length;
    }

    /// <summary>Bytes in the file now, as the kernel knows. False when it does not say.</summary>
    protected bool TryGetLength(out long length)
    {
        var isKnown = _file.TryUpdateLength();
        length = _file.Length;

        // Everything was answered while the kernel took its time: what asked is not to go on.
        return _isRelieved ? throw new OperationCanceledException("The actor was relieved.") : isKnown;
    }

    private void TakeCompletions()
    {
        while (Operations.TakeCompleted() is { } operation)
        {
            if (operation.Abandoned)
            {
                FileOperations.Recycle(operation);
            }
            else if (operation.Io.Fault is { } fault)
            {
                OnLost(operation, fault);
            }
            else
            {
                OnDone(operation, operation.Io.Result < 0);
            }
        }
    }

    private void OnDone(FileOperation operation, bool failed)
    {
        if (!_open)
        {
            if (operation.Io.Kind == IoKind.Open)
            {
                OnOpenDone(operation, failed);
            }
            else
            {
                OnTruncatedAtOpen(operation, failed);
            }
        }
        else if (_barrier)
        {
            OnBarrierDone(operation, failed);
        }
        else if (operation.CoveredCount == 1 && operation.Covered[0].Command is Read read)
        {
            OnReadDone(operation, read, failed);
        }
        else
        {
            OnSpecificDone(operation, failed);
        }
    }

    private void OnReadDone(FileOperation operation, Read read, bool failed)
    {
        var pending = operation.Covered[0];
        var done = operation.Io.Done;
        var errno = (int)-operation.Io.Result;
        FileOperations.Recycle(operation);
        Shard.Metrics.BytesRead += done;
        if (failed)
        {
            Answers.FailKernel(pending, errno, done);
        }
        else
        {
            Answers.Succeed(pending, new DataRead(read.Token, read.Offset, read.Destination[..(int)done]));
        }
    }

    private void OnBarrierDone(FileOperation operation, bool failed)
    {
        _barrier = false;
        var pending = operation.Covered[0];
        var errno = failed ? (int)-operation.Io.Result : 0;
        var status = operation.Io.Kind == IoKind.Stat && !failed ? operation.Status : null;
        FileOperations.Recycle(operation);
        if (operation.Io.Kind == IoKind.Close)
        {
            OnClosed(pending, errno);
        }
        else if (!failed)
        {
            AnswerBarrier(pending, status);
        }
        else if (pending.Command is Sync && !WasTakenBack(operation))
        {
            PoisonBySync(errno);
            Answers.FailKernel(pending, errno, reason: FailureReason.SyncFailed);
        }
        else
        {
            Answers.FailKernel(pending, errno);
        }
    }

    /// <summary>Taken back on the way to the kernel: nothing was tried, so that a sync has lost nothing.</summary>
    protected static bool WasTakenBack(FileOperation operation) =>
        operation.Io is { CancelRequested: true, Result: -Errno.ECANCELED or -Errno.ETIMEDOUT };

    private void AnswerBarrier(in Pending pending, FileStatus? status)
    {
        switch (pending.Command)
        {
            case Sync sync:
                _durableLength = _lengthAtBarrier;
                Shard.Metrics.Syncs++;
                Answers.Succeed(pending, new Synced(sync.Token, _lengthAtBarrier));
                break;
            case StatFile stat:
                Answers.Succeed(pending, new FileStatResult(stat.Token, status!));
                break;
            case Truncate truncate:
                Answers.Succeed(pending, new Truncated(truncate.Token, truncate.Length));
                break;
            case Allocate allocate:
                Answers.Succeed(pending, new Allocated(allocate.Token));
                break;
        }
    }

    private void OnSubmitRefused()
    {
        Answers.Crash ??= new InvalidOperationException(
            "the backend's mailbox does not take the file's operations (actors.engine.backend.queue-messages)");
        Context.Stop(Me);
    }
}
