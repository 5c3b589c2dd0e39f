using System.Diagnostics;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.ThreadPool;

/// <summary>
/// Blocking calls on a few threads of its own: works on every system, and where rings are forbidden. The shard's thread
/// publishes a whole batch at once; workers take small groups from it, and each finished operation goes onto a stack
/// that the shard empties with one exchange. Nothing is allocated or locked on the way of an operation.
/// </summary>
/// <remarks>
/// <para>
/// Groups. Taking one operation at a time costs a contended exchange each; fixed long lists would leave operations
/// behind a slow one while other workers idle. So a worker takes its share of what is there now, at most
/// <see cref="GroupMax"/> short transfers: a batch is spread over all workers, its tail singly. What may block for long
/// (syncs, opens, large transfers) is taken alone. At worst GroupMax - 1 operations stand behind a slow read.
/// </para>
/// <para>
/// Waking. A wake-up costs the waker 2 us or more, so it is not done for each worker and batch: a flush wakes one
/// worker, unless one is looking for work already; a worker that leaves more than a group behind wakes the next; and
/// the shard, before it sleeps itself, wakes as many as there are operations waiting. One idle worker at a time looks
/// for work for <see cref="SpinMicroseconds"/> before it parks.
/// </para>
/// </remarks>
internal sealed class ThreadPoolDriver : IDriver
{
    /// <summary>Most operations that one worker takes at a time.</summary>
    public const int GroupMax = 8;

    /// <summary>Transfers up to this are grouped; the copy of a larger one takes longer than the hand-over.</summary>
    public const int ShortTransferMax = 16 * 1024;

    /// <summary>A hand-over to a spinning thread costs about 1 us, a wake-up about 10.</summary>
    public const int SpinMicroseconds = 20;

    /// <summary>Most workers that <see cref="AddWorkers"/> comes to.</summary>
    public const int WorkersMax = 256;

    // What IoOperation.Slot says here: how far the operation is, and whether a cancel came in time.
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Begun = 2;
    private const int Cancelled = 3;

    private static readonly long SpinTicks = Stopwatch.Frequency * SpinMicroseconds / 1_000_000;

    private readonly IBlockingCalls _calls;
    private readonly WakeSignal _wake = new();
    private volatile Worker[] _workers;
    private readonly IoOperation[] _queue;
    private readonly int _mask;
    private SharedState _shared;
    private long _queued;
    private bool _disposed;

    /// <param name="workers">Threads.</param>
    /// <param name="depth">Operations in flight: waiting, being performed, or not yet reaped.</param>
    /// <param name="calls">How to perform an operation; null for the way of this system.</param>
    public ThreadPoolDriver(int workers, int depth, IBlockingCalls? calls = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        Depth = depth;
        _calls = calls ?? BlockingCalls.Platform;
        _queue = new IoOperation[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)depth)];
        _mask = _queue.Length - 1;
        _workers = [];
        try
        {
            Grow(workers);
        }
        catch
        {
            // No descriptor left for the next one, or no thread.
            Dispose();
            throw;
        }
    }

    public string Name => "thread-pool";

    public string Details => $"{_workers.Length} workers, depth {Depth}";

    public int Depth { get; }

    public int InFlight { get; private set; }

    public SubmitResult TrySubmit(IoOperation operation)
    {
        if (InFlight == Depth)
        {
            return SubmitResult.Busy;
        }

        // The queue has room: what waits in it is in flight, and so at most Depth.
        InFlight++;
        operation.BegunAt = 0;
        operation.Slot = Waiting;
        _queue[_queued++ & _mask] = operation;
        return SubmitResult.Queued;
    }

    public void Flush()
    {
        if (_shared.Tail != _queued)
        {
            // An exchange for its fence: published before the looks at who is awake.
            Interlocked.Exchange(ref _shared.Tail, _queued);
        }

        if (Volatile.Read(ref _shared.Parked) > 0
            && Volatile.Read(ref _shared.Spinning) == 0
            && Volatile.Read(ref _shared.Head) != _queued)
        {
            WakeWorkers(1);
        }
    }

    public int Reap(ICompletionSink sink)
    {
        if (_shared.Finished is null)
        {
            return 0;
        }

        var delivered = 0;
        var operation = Reverse(Interlocked.Exchange(ref _shared.Finished, null));
        while (operation is not null)
        {
            var next = operation.Next;
            operation.Next = null;
            operation.Slot = Idle;
            InFlight--;
            delivered++;
            sink.Complete(operation);
            operation = next;
        }

        return delivered;
    }

    public void Wait(int timeout)
    {
        Flush();
        if (_shared.Finished is not null || !_wake.TryLieDown())
        {
            return;
        }

        if (Volatile.Read(ref _shared.Finished) is not null)
        {
            _wake.Rise();
            return;
        }

        // Nothing came back while the loop was looking: the workers that are awake are at something slow.
        var waiting = _queued - Volatile.Read(ref _shared.Head);
        if (waiting > 0 && Volatile.Read(ref _shared.Parked) > 0)
        {
            WakeWorkers((int)waiting);
        }

        _wake.Sleep(timeout);
    }

    public void Wake() => _wake.Wake();

    /// <remarks>Possible until a worker begins with it.</remarks>
    public bool TryCancel(IoOperation operation) =>
        Interlocked.CompareExchange(ref operation.Slot, Cancelled, Waiting) == Waiting;

    /// <remarks>Only when operations wait for a worker: twice as many.</remarks>
    public void AddWorkers()
    {
        if (Volatile.Read(ref _shared.Head) == _queued)
        {
            return;
        }

        try
        {
            Grow(Math.Min(2 * _workers.Length, Math.Min(WorkersMax, Depth)));
        }
        catch (Exception e) when (e is DriverUnavailableException or OutOfMemoryException)
        {
            // No descriptor left, or no thread: the system has what it can give.
        }
    }

    /// <summary>Waits for the calls that have begun; what is still waiting is dropped. Also for one that could be made
    /// in part only.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Volatile.Write(ref _shared.Stopping, true);
        foreach (var worker in _workers)
        {
            worker.Stop();
        }

        CloseWhatNobodyTook();
        InFlight = 0;
        _wake.Dispose();
    }

    /// <summary>Starts workers up to this number.</summary>
    private void Grow(int workers)
    {
        while (_workers.Length < workers)
        {
            var worker = new Worker(this, _workers.Length);
            _workers = [.. _workers, worker];
            worker.Start();
        }
    }

    private static IoOperation? Reverse(IoOperation? stack)
    {
        IoOperation? reversed = null;
        while (stack is { } operation)
        {
            stack = operation.Next;
            operation.Next = reversed;
            reversed = operation;
        }

        return reversed;
    }

    /// <summary>A file that was opened, and whose completion nobody will reap, would stay open for ever.</summary>
    private void CloseWhatNobodyTook()
    {
        for (var operation = _shared.Finished; operation is not null; operation = operation.Next)
        {
            if (operation is { Kind: IoKind.Open, Result: >= 0 })
            {
                _calls.Perform(new IoOperation { Kind = IoKind.Close, File = new FileHandle((int)operation.Result) });
            }
        }
    }

    private void WakeWorkers(int count)
    {
        foreach (var worker in _workers)
        {
            if (worker.Signal.WakeIfSleeping() && --count == 0)
            {
                return;
            }
        }
    }

    private void Work(Worker worker)
    {
        while (true)
        {
            var count = Take(worker.Group);
            if (count > 0)
            {
                Perform(worker.Group.AsSpan(0, count));
            }
            else if (Volatile.Read(ref _shared.Stopping))
            {
                return;
            }
            else if (!Spin())
            {
                Park(worker);
            }
        }
    }

    /// <summary>Takes a group from the head of the queue.</summary>
    /// <returns>Its size; 0 when there is none to take.</returns>
    private int Take(IoOperation[] group)
    {
        while (true)
        {
            var head = Volatile.Read(ref _shared.Head);
            var there = Volatile.Read(ref _shared.Tail) - head;
            if (there <= 0 || Volatile.Read(ref _shared.Stopping))
            {
                return 0;
            }

            // Read first, then claim: once the head has moved, the shard may put new operations into these places.
            var count = Read(group, head, (int)Math.Clamp(there / (2 * _workers.Length), 1, GroupMax));
            if (Interlocked.CompareExchange(ref _shared.Head, head + count, head) != head)
            {
                continue;
            }

            if (there - count > GroupMax
                && Volatile.Read(ref _shared.Parked) > 0
                && Volatile.Read(ref _shared.Spinning) == 0)
            {
                WakeWorkers(1);
            }

            return count;
        }
    }

    /// <summary>Copies one operation, or a run of short transfers.</summary>
    private int Read(IoOperation[] group, long head, int most)
    {
        group[0] = _queue[head & _mask];
        var count = 1;
        if (IsShort(group[0]))
        {
            while (count < most && _queue[(head + count) & _mask] is var next && IsShort(next))
            {
                group[count++] = next;
            }
        }

        return count;
    }

    private static bool IsShort(IoOperation operation) =>
        operation.Kind <= IoKind.Write && operation.Length <= ShortTransferMax;

    private void Perform(Span<IoOperation> group)
    {
        foreach (var operation in group)
        {
            if (Volatile.Read(ref _shared.Stopping))
            {
                return;
            }

            if (Interlocked.CompareExchange(ref operation.Slot, Begun, Waiting) == Waiting)
            {
                if (operation.IsTimed)
                {
                    Volatile.Write(ref operation.BegunAt, Stopwatch.GetTimestamp());
                }

                _calls.Perform(operation);
            }
            else
            {
                operation.Result = -Errno.ECANCELED;
            }

            Finish(operation);
        }
    }

    private void Finish(IoOperation operation)
    {
        var top = Volatile.Read(ref _shared.Finished);
        while (true)
        {
            operation.Next = top;
            var seen = Interlocked.CompareExchange(ref _shared.Finished, operation, top);
            if (seen == top)
            {
                break;
            }

            top = seen;
        }

        _wake.WakeIfSleeping();
    }

    /// <summary>Looks for work for a short while, if nobody else does.</summary>
    private bool Spin()
    {
        if (Environment.ProcessorCount == 1 || Interlocked.Exchange(ref _shared.Spinning, 1) != 0)
        {
            return false;
        }

        var end = Stopwatch.GetTimestamp() + SpinTicks;
        while (!HasWork() && Stopwatch.GetTimestamp() < end)
        {
            Thread.SpinWait(8);
        }

        // A full fence, then one more look: a flush that still counted on this worker has published before it.
        Interlocked.Exchange(ref _shared.Spinning, 0);
        return HasWork();
    }

    private void Park(Worker worker)
    {
        Interlocked.Increment(ref _shared.Parked);
        if (worker.Signal.TryLieDown())
        {
            if (HasWork())
            {
                worker.Signal.Rise();
            }
            else
            {
                worker.Signal.Sleep(Timeout.Infinite);
            }
        }

        Interlocked.Decrement(ref _shared.Parked);
    }

    /// <summary>Also at the end, when the work is to stop.</summary>
    private bool HasWork() =>
        Volatile.Read(ref _shared.Head) != Volatile.Read(ref _shared.Tail) || Volatile.Read(ref _shared.Stopping);

    /// <summary>A thread, what wakes it, and the operations it has taken.</summary>
    private sealed class Worker
    {
        private readonly Thread _thread;
        private bool _started;

        public Worker(ThreadPoolDriver driver, int index) =>
            _thread = new Thread(() => driver.Work(this)) { IsBackground = true, Name = $"actors-io-{index}" };

        public WakeSignal Signal { get; } = new();

        public IoOperation[] Group { get; } = new IoOperation[GroupMax];

        public void Start()
        {
            _thread.Start();
            _started = true;
        }

        public void Stop()
        {
            Signal.Wake();
            if (_started)
            {
                _thread.Join();
            }

            Signal.Dispose();
        }
    }
}
