using Actors.Engine.Drivers;
using Actors.Engine.Metrics;

namespace Actors.Engine.Scheduling;

/// <summary>
/// Admission to one driver: at most so many operations in flight, files without a place waiting first come first
/// served with one entry each, every completion weighed and short transfers resubmitted. Belongs to the shard, so it
/// outlives a restarted backend actor. On the shard's thread only.
/// </summary>
/// <remarks>
/// Fairness: a file that waits gets one operation through per turn and goes to the end of the queue when it has more.
/// </remarks>
internal sealed class IoScheduler : ICompletionSink, IDisposable
{
    private readonly IDriver _driver;
    private readonly ShardMetrics _metrics;
    private readonly int _inFlightMax;
    private readonly Queue<QueuePair> _waiting = new();
    private readonly Queue<IoOperation> _resubmit = new();
    private int _inFlight;

    public IoScheduler(IDriver driver, int inFlightMax, ShardMetrics metrics)
    {
        _driver = driver;
        _inFlightMax = Math.Min(inFlightMax, driver.Depth);
        _metrics = metrics;
    }

    public IDriver Driver => _driver;

    /// <summary>Operations admitted and not yet finished.</summary>
    public int InFlight => _inFlight;

    /// <summary>Submits what a file has queued, or lets it wait its turn.</summary>
    public void Announce(QueuePair pair)
    {
        if (_waiting.Count == 0)
        {
            while (_inFlight < _inFlightMax && pair.TakeSubmission() is { } operation)
            {
                Admit(operation);
            }
        }

        pair.Announced = pair.HasSubmissions;
        if (pair.Announced)
        {
            _waiting.Enqueue(pair);
        }
    }

    /// <summary>
    /// Performs a transfer here and now, without a place among the operations in flight, if that is the driver's way
    /// with it: two messages less for a file actor, where the hop to the backend and back costs as much as the copy.
    /// </summary>
    /// <returns>True when the operation is finished; false when it has to be submitted.</returns>
    public bool TryPerform(IoOperation operation)
    {
        var action = CompletionAction.Resubmit;
        if (operation.RequestedAt != 0)
        {
            operation.SubmittedAt = _metrics.Now;
        }

        while (action == CompletionAction.Resubmit && _driver.TryPerform(operation))
        {
            _metrics.KernelOperations++;
            _metrics.InlineOperations++;
            action = CompletionDecision.Weigh(operation);
        }

        if (action == CompletionAction.Resubmit)
        {
            return false;
        }

        RecordTimes(operation);
        return true;
    }

    /// <summary>Passes queued operations to the kernel and delivers what has completed.</summary>
    /// <returns>True when something was delivered.</returns>
    public bool Pump()
    {
        RetryBusy();

        // A retry may have been done inline and made room, with no completion to follow that would pass it on.
        AdmitWaiting();
        _driver.Flush();

        // Also with nothing in flight: what ended the last wait has to be taken away, or it ends the next one too.
        return _driver.Reap(this) > 0;
    }

    /// <summary>Cancels an operation: at once while it waits for its turn, otherwise by asking the driver. It comes
    /// back through its queue pair in any case.</summary>
    public void Cancel(IoOperation operation)
    {
        var pair = (QueuePair)operation.Owner!;
        operation.CancelRequested = true;
        if (pair.TryWithdraw(operation))
        {
            operation.Result = -Errno.ECANCELED;
            HandBack(pair, operation);
        }
        else
        {
            _driver.TryCancel(operation);
        }
    }

    /// <summary>Waits in the driver; only briefly while it has refused operations for want of room.</summary>
    public void Wait(int timeout) => _driver.Wait(_resubmit.Count > 0 ? 1 : timeout);

    /// <inheritdoc/>
    public void Complete(IoOperation operation)
    {
        if (CompletionDecision.Weigh(operation) == CompletionAction.Resubmit)
        {
            Submit(operation);
            return;
        }

        Finish(operation);
        AdmitWaiting();
    }

    public void Dispose() => _driver.Dispose();

    private void Admit(IoOperation operation)
    {
        _inFlight++;
        if (operation.RequestedAt != 0)
        {
            operation.SubmittedAt = _metrics.Now;
        }

        Submit(operation);
    }

    /// <summary>Submits until the driver has it in flight, or it is finished: a driver that works inline completes, and
    /// may have to be asked again, right here.</summary>
    private void Submit(IoOperation operation)
    {
        while (true)
        {
            var result = _driver.TrySubmit(operation);
            if (result == SubmitResult.Busy)
            {
                _resubmit.Enqueue(operation);
                return;
            }

            var transfers = operation.Kind is IoKind.Read or IoKind.Write ? 1 : 0;
            _metrics.KernelOperations += transfers;
            if (result == SubmitResult.Queued)
            {
                return;
            }

            _metrics.InlineOperations += transfers;

            if (CompletionDecision.Weigh(operation) != CompletionAction.Resubmit)
            {
                Finish(operation);
                return;
            }
        }
    }

    private void Finish(IoOperation operation)
    {
        _inFlight--;
        RecordTimes(operation);
        HandBack((QueuePair)operation.Owner!, operation);
    }

    private void RecordTimes(IoOperation operation)
    {
        if (operation.RequestedAt != 0)
        {
            _metrics.Service.RecordBetween(operation.SubmittedAt, _metrics.Now);
            _metrics.QueueWait.RecordBetween(operation.RequestedAt, operation.SubmittedAt);
        }
    }

    private static void HandBack(QueuePair pair, IoOperation operation)
    {
        pair.Complete(operation);
        if (!pair.Notified)
        {
            pair.Notified = true;
            pair.Owner.OnCompleted(pair);
        }
    }

    private void AdmitWaiting()
    {
        while (_inFlight < _inFlightMax && _waiting.TryDequeue(out var pair))
        {
            if (pair.TakeSubmission() is { } operation)
            {
                Admit(operation);
            }

            pair.Announced = pair.HasSubmissions;
            if (pair.Announced)
            {
                _waiting.Enqueue(pair);
            }
        }
    }

    private void RetryBusy()
    {
        for (var n = _resubmit.Count; n > 0; n--)
        {
            Submit(_resubmit.Dequeue());
        }
    }
}
