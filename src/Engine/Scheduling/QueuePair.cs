using Actors.Engine.Drivers;

namespace Actors.Engine.Scheduling;

/// <summary>Who is told when operations of a queue pair have come back.</summary>
internal interface IQueuePairOwner
{
    /// <summary>At least one operation waits in the completion queue. Not repeated until the owner has taken all of
    /// them. On the shard's thread.</summary>
    void OnCompleted(QueuePair pair);

    /// <summary>Operations that have a <see cref="IoOperation.Fault"/> are waited for no longer. They may still be
    /// performed, and stay the driver's until they come back, if ever they do. Nothing to do for whoever only waits for
    /// that. On the shard's thread.</summary>
    void OnOverdue(QueuePair pair)
    {
    }
}

/// <summary>
/// The submission queue and the completion queue of one file, between its actor and the shard's scheduler. Both sides
/// are on the shard's thread. A message says only "look": however many operations are queued, one is on its way.
/// </summary>
internal sealed class QueuePair(IQueuePairOwner owner)
{
    private IoOperation? _submitHead;
    private IoOperation? _submitTail;
    private IoOperation? _completeHead;
    private IoOperation? _completeTail;

    /// <summary>Who is told; replaced when the actor stops before its operations are back.</summary>
    public IQueuePairOwner Owner { get; set; } = owner;

    /// <summary>Operations handed in and not yet taken back.</summary>
    public int Outstanding { get; private set; }

    /// <summary>True while the pair stands in the scheduler's queue, or a message that brings it there is under
    /// way.</summary>
    public bool Announced { get; set; }

    /// <summary>True from the owner's notification until it has taken everything.</summary>
    public bool Notified { get; set; }

    public bool HasSubmissions => _submitHead is not null;

    /// <summary>True while a finished operation waits for the owner.</summary>
    public bool HasCompleted => _completeHead is not null;

    /// <summary>Owner: an operation that goes to the scheduler, or is performed without it, starts afresh.</summary>
    public void Begin(IoOperation operation)
    {
        operation.Owner = this;
        operation.Next = null;
        operation.Done = 0;
        operation.Retries = 0;
        operation.OnThread = false;
        operation.CancelRequested = false;
        operation.Fault = null;
    }

    /// <summary>Owner: puts an operation that was performed without the scheduler among the finished ones.</summary>
    public void AddCompleted(IoOperation operation)
    {
        Outstanding++;
        Complete(operation);
    }

    /// <summary>Owner: queues an operation. Then announce the pair to the scheduler unless it is announced.</summary>
    public void Submit(IoOperation operation)
    {
        Begin(operation);
        Continue(operation);
    }

    /// <summary>Owner: queues an operation that has begun, and of which a part may have been performed.</summary>
    public void Continue(IoOperation operation)
    {
        Outstanding++;
        if (_submitTail is null)
        {
            _submitHead = operation;
        }
        else
        {
            _submitTail.Next = operation;
        }

        _submitTail = operation;
    }

    /// <summary>Owner: takes back the next finished operation, or null; null ends the notification.</summary>
    public IoOperation? TakeCompleted()
    {
        var operation = _completeHead;
        if (operation is null)
        {
            Notified = false;
            return null;
        }

        _completeHead = operation.Next;
        if (_completeHead is null)
        {
            _completeTail = null;
        }

        operation.Next = null;
        Outstanding--;
        return operation;
    }

    /// <summary>Scheduler: takes an operation out that has not left the submission queue, to hand it back as
    /// cancelled. False when it has left.</summary>
    public bool TryWithdraw(IoOperation operation)
    {
        IoOperation? previous = null;
        for (var o = _submitHead; o is not null; previous = o, o = o.Next)
        {
            if (o != operation)
            {
                continue;
            }

            if (previous is null)
            {
                _submitHead = o.Next;
            }
            else
            {
                previous.Next = o.Next;
            }

            if (_submitTail == o)
            {
                _submitTail = previous;
            }

            o.Next = null;
            return true;
        }

        return false;
    }

    /// <summary>Scheduler: takes the next operation to submit, or null.</summary>
    public IoOperation? TakeSubmission()
    {
        var operation = _submitHead;
        if (operation is not null)
        {
            _submitHead = operation.Next;
            if (_submitHead is null)
            {
                _submitTail = null;
            }

            operation.Next = null;
        }

        return operation;
    }

    /// <summary>Owner: takes back the next operation that has not left the submission queue, or null.</summary>
    public IoOperation? TakeBack()
    {
        var operation = TakeSubmission();
        Outstanding -= operation is null ? 0 : 1;
        return operation;
    }

    /// <summary>Scheduler: hands an operation back.</summary>
    public void Complete(IoOperation operation)
    {
        operation.Next = null;
        if (_completeTail is null)
        {
            _completeHead = operation;
        }
        else
        {
            _completeTail.Next = operation;
        }

        _completeTail = operation;
    }
}
