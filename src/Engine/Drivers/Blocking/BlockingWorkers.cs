namespace Actors.Engine.Drivers.Blocking;

/// <summary>
/// Performs single operations on the runtime's thread pool, for a driver whose queue cannot take them: the shard's thread
/// must not wait for a file system that does not answer.
/// </summary>
/// <param name="calls">How to perform an operation.</param>
/// <param name="wake">Ends the driver's wait; called on a pool thread when an operation is done.</param>
internal sealed class BlockingWorkers(IBlockingCalls calls, Action wake) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private IoOperation? _firstWaiting;
    private IoOperation? _lastWaiting;
    private IoOperation? _finished;

    /// <summary>Operations begun and not yet reaped. On the shard's thread, as all other members.</summary>
    public int InFlight { get; private set; }

    /// <summary>True while an operation that is done waits to be reaped.</summary>
    public bool HasFinished => Volatile.Read(ref _finished) is not null;

    /// <summary>Begins with an operation.</summary>
    public void Submit(IoOperation operation)
    {
        InFlight++;
        lock (_gate)
        {
            operation.Next = null;
            _ = _firstWaiting is null ? _firstWaiting = operation : _lastWaiting!.Next = operation;
            _lastWaiting = operation;
        }

        // One turn for each operation; whichever turn is first takes whichever operation waits.
        System.Threading.ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Delivers what is done, in no order.</summary>
    public int Reap(ICompletionSink sink)
    {
        if (!HasFinished)
        {
            return 0;
        }

        var delivered = 0;
        var next = Interlocked.Exchange(ref _finished, null);
        while (next is { } operation)
        {
            next = operation.Next;
            operation.Next = null;
            InFlight--;
            delivered++;
            sink.Complete(operation);
        }

        return delivered;
    }

    void IThreadPoolWorkItem.Execute()
    {
        IoOperation operation;
        lock (_gate)
        {
            operation = _firstWaiting!;
            _firstWaiting = operation.Next;
        }

        calls.Perform(operation);
        IoOperation? top;
        do
        {
            top = Volatile.Read(ref _finished);
            operation.Next = top;
        }
        while (Interlocked.CompareExchange(ref _finished, operation, top) != top);
        wake();
    }
}
