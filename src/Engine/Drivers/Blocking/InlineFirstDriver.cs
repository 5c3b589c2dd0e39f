namespace Actors.Engine.Drivers.Blocking;

/// <summary>
/// What <c>auto</c> runs on: performs small transfers through the page cache on the shard's own thread, because a copy
/// to or from memory takes less time than to hand it over, and leaves everything else to another driver: direct I/O,
/// syncs, large transfers, reads that miss the cache.
/// </summary>
/// <remarks>
/// Two bounds keep the shard responsive. A turn of the event loop takes at most so many bytes inline; and a write that
/// took long, because the kernel made it wait for the disk, sends what follows to the other driver for a while. A read
/// is tried with RWF_NOWAIT (Linux 4.14) and never waits.
/// </remarks>
internal sealed class InlineFirstDriver : IDriver
{
    /// <summary>Reads that go straight to the other driver after one that missed the cache: a miss is rarely alone, and
    /// finding out costs a system call.</summary>
    public const int ReadsAfterMiss = 16;

    private readonly IDriver _inner;
    private readonly IBlockingCalls _calls;
    private readonly int _transferMax;
    private readonly int _turnMax;
    private readonly WriteBackoff _backoff;
    private long _leftThisTurn;
    private int _readsToSkip;

    /// <param name="inner">Takes what is not done inline; disposed of with this one.</param>
    /// <param name="transferMax">Bytes of the largest inline transfer.</param>
    /// <param name="turnMax">Bytes inline between two calls of <see cref="Flush"/>.</param>
    /// <param name="calls">How to perform an operation; null for the way of this system.</param>
    /// <param name="clock">Null for the system's.</param>
    public InlineFirstDriver(
        IDriver inner, int transferMax, int turnMax, IBlockingCalls? calls = null, TimeProvider? clock = null)
    {
        _backoff = new WriteBackoff(0, clock);
        _inner = inner;
        _calls = calls ?? BlockingCalls.Platform;
        _transferMax = transferMax;
        _turnMax = turnMax;
        _leftThisTurn = turnMax;
    }

    public string Name => _inner.Name;

    public string Details => _inner.Details;

    public int Depth => _inner.Depth;

    public int InFlight => _inner.InFlight;

    public bool TryPerform(IoOperation operation)
    {
        var length = operation.Length - operation.Done;
        var performed = operation.File is { IsCached: true } && length <= _transferMax && length <= _leftThisTurn
            && operation.Kind switch
            {
                // The shard could not keep the time limit of a write that the kernel holds.
                IoKind.Write => !operation.IsTimed && TryWrite(operation),
                IoKind.Read => TryRead(operation),
                _ => false,
            };
        _leftThisTurn -= performed ? length : 0;
        return performed;
    }

    public void AddWorkers() => _inner.AddWorkers();

    public SubmitResult TrySubmit(IoOperation operation) =>
        TryPerform(operation) ? SubmitResult.Completed : _inner.TrySubmit(operation);

    public void Flush()
    {
        _leftThisTurn = _turnMax;
        _inner.Flush();
    }

    public int Reap(ICompletionSink sink) => _inner.Reap(sink);

    public void Wait(int timeout) => _inner.Wait(timeout);

    public void Wake() => _inner.Wake();

    public bool TryCancel(IoOperation operation) => _inner.TryCancel(operation);

    public void Dispose() => _inner.Dispose();

    private bool TryWrite(IoOperation operation)
    {
        if (!_backoff.TryStart(out var startedAt))
        {
            return false;
        }

        _calls.Perform(operation);
        _backoff.Wrote(startedAt);
        return true;
    }

    private bool TryRead(IoOperation operation)
    {
        if (_readsToSkip > 0)
        {
            _readsToSkip--;
            return false;
        }

        if (_calls.TryReadCached(operation))
        {
            return true;
        }

        _readsToSkip = ReadsAfterMiss;
        return false;
    }
}
