using Actors.Engine.Drivers;
using Actors.Engine.Scheduling;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// The operations of one file: the objects, which are reused, and their way to the backend and back. Whether one may be
/// started is the actor's business.
/// </summary>
internal sealed class FileOperations(IQueuePairOwner owner, Shard shard, IActorRef self, IActorRef backend)
{
    private readonly List<FileOperation> _all = [];
    private readonly IoScheduler _scheduler = shard.Scheduler;
    private Submit? _submit;

    public QueuePair Pair { get; } = new(owner);

    /// <summary>Started and not yet taken back.</summary>
    public int Outstanding => Pair.Outstanding;

    /// <summary>Whether operations have a time limit.</summary>
    public bool AreTimed { get; set; }

    /// <summary>All objects, busy and idle.</summary>
    public IReadOnlyList<FileOperation> All => _all;

    /// <summary>An operation object that is free.</summary>
    public FileOperation Rent(IoKind kind, FileHandle? file)
    {
        var operation = FindIdle();
        if (operation is null)
        {
            operation = new FileOperation();
            _all.Add(operation);
        }

        operation.Prepare(kind, file);
        return operation;
    }

    /// <summary>True while an operation that has come back waits to be taken.</summary>
    public bool HasCompleted => Pair.HasCompleted;

    /// <summary>Queues an operation and sees to it that the backend looks: one message, however many are
    /// queued. Unless it can be performed at once, and is allowed to: then it has come back already.</summary>
    public void Start(FileOperation operation, bool mayPerform)
    {
        operation.Started = true;
        operation.Io.IsTimed = AreTimed;
        operation.Io.StartedAt = AreTimed ? shard.Metrics.Now : 0;
        operation.Io.BegunAt = 0;
        Pair.Begin(operation.Io);
        if (mayPerform && !Pair.HasSubmissions && _scheduler.TryPerform(operation.Io))
        {
            Pair.AddCompleted(operation.Io);
            return;
        }

        // What was performed of it so far counts: the rest is submitted.
        Pair.Continue(operation.Io);
        if (!Pair.Announced)
        {
            Pair.Announced = true;
            backend.Tell(_submit ??= new Submit(Pair), self);
        }
    }

    /// <summary>Ends an operation that has not left for the driver, as one that comes back with an error: nothing of it is
    /// done from now on.</summary>
    /// <returns>False when it has left.</returns>
    public bool TryEnd(FileOperation operation, int errno)
    {
        if (!Pair.TryWithdraw(operation.Io))
        {
            return false;
        }

        operation.Io.CancelRequested = true;
        operation.Io.Result = -errno;
        Pair.Complete(operation.Io);
        return true;
    }

    /// <summary>Takes back what has not left for the driver: nothing of it is done from now on.</summary>
    public void Withdraw()
    {
        while (Pair.TakeBack() is { State: FileOperation operation })
        {
            operation.Started = false;
        }
    }

    /// <summary>The next operation that has come back, or null.</summary>
    public FileOperation? TakeCompleted() => (FileOperation?)Pair.TakeCompleted()?.State;

    /// <summary>Gives an operation's memory back and frees it for reuse.</summary>
    public static void Recycle(FileOperation operation, bool keepSlab = false)
    {
        operation.ReleaseMemory(keepSlab);
        operation.Finish();
    }

    /// <summary>Asks for an operation to be cancelled; it comes back in any case.</summary>
    public void Cancel(FileOperation operation) => backend.Tell(new CancelOperation(operation, operation.Use), self);

    /// <summary>The busy operation that answers a command with this token, or null.</summary>
    public FileOperation? FindBusy(long token)
    {
        foreach (var operation in _all)
        {
            if (!operation.Idle && operation.Covers(token))
            {
                return operation;
            }
        }

        return null;
    }

    /// <summary>The largest offset that a positional write under way reaches to; 0 without one.</summary>
    public long LargestWriteEnd => Outstanding == 0 ? 0 : _all.Max(static operation => operation.WriteEnd);

    /// <summary>Gives back the buffers of objects that are free.</summary>
    public void ReleaseIdleSlabs()
    {
        foreach (var operation in _all)
        {
            if (operation.Idle)
            {
                operation.ReleaseSlab();
            }
        }
    }

    private FileOperation? FindIdle()
    {
        foreach (var operation in _all)
        {
            if (operation.Idle)
            {
                return operation;
            }
        }

        return null;
    }
}
