namespace Actors.Engine.Streams.Stages;

/// <summary>
/// What a run of a sink was given and the engine has not written: one command at a time, so that nothing is written
/// behind something that could not be. Small data that waits is gathered. The next command goes out with the answer
/// to the one before it, on the file's shard; the stage is told only when it can do something.
/// </summary>
/// <remarks>Thread-safe. Nothing is sent, told or completed with the lock held.</remarks>
internal sealed class WriteQueue(StageFile file, FileSinkOptions options)
{
    // Up to the size that a writer copies by default; larger ones are written where they are.
    private const int SmallSize = 8 << 10;
    private const int GatherSize = 32 << 10;

    private readonly Lock _gate = new();
    private readonly Queue<WriteItem> _waiting = new();
    private Action? _changed;
    private WriteItem? _underWay;
    private WriteItem? _gathering;
    private Exception? _failure;
    private long _bytesMax;
    private int _itemsMax;
    private bool _gathers;
    private bool _awaited;
    private bool _finishing;
    private bool _ended;
    private long _queuedBytes;
    private long _unsyncedBytes;
    private long _written;
    private long? _position = options.StartPosition;

    /// <summary>Bytes written.</summary>
    public long Written
    {
        get
        {
            lock (_gate)
            {
                return _written;
            }
        }
    }

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    /// <summary>Whether everything is done after <see cref="Finish"/>.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_gate)
            {
                return _finishing && Count == 0;
            }
        }
    }

    private int Count => _waiting.Count + (_underWay is null ? 0 : 1);

    /// <summary>The file is open.</summary>
    /// <param name="opened">What it said.</param>
    /// <param name="changed">Called, from any thread, when something failed, when there is room for which
    /// <see cref="HasRoom"/> was asked in vain, and when everything is done after <see cref="Finish"/>.</param>
    public void Start(Opened opened, Action changed)
    {
        WriteItem? first;
        lock (_gate)
        {
            _changed = changed;
            _bytesMax = opened.CreditBytes;
            _itemsMax = opened.Credits;
            _gathers = opened.Alignment == IoAlignment.None;
            first = TakeNext();
        }

        Send(first);
    }

    /// <summary>Whether the stage may ask for another element. If not it is told once it may, with half of the room
    /// free.</summary>
    public bool HasRoom()
    {
        lock (_gate)
        {
            _awaited = _queuedBytes >= _bytesMax || Count >= _itemsMax;
            return !_awaited;
        }
    }

    public void Add(ReadOnlyMemory<byte> data)
    {
        WriteItem? next;
        lock (_gate)
        {
            if (data.IsEmpty || _failure is not null)
            {
                return;
            }

            _queuedBytes += data.Length;
            _unsyncedBytes += data.Length;
            var isSmall = _gathers && data.Length <= SmallSize;
            if (!isSmall || _gathering is null || !_gathering.TryGather(data, file.Buffers, GatherSize))
            {
                var item = WriteItem.Of(this, data);
                _gathering = isSmall ? item : null;
                _waiting.Enqueue(item);
            }

            if (_unsyncedBytes >= options.SyncEveryBytes)
            {
                AddFlush(SyncDurability, null);
            }

            next = TakeNext();
        }

        Send(next);
    }

    /// <summary>Syncs what has been added since the last sync.</summary>
    public void SyncIfNeeded()
    {
        WriteItem? next = null;
        lock (_gate)
        {
            if (_unsyncedBytes > 0 && _failure is null)
            {
                AddFlush(SyncDurability, null);
                next = TakeNext();
            }
        }

        Send(next);
    }

    /// <summary>In turn: makes what was added so far durable, or waits for it to be written.</summary>
    public Task FlushAsync(Durability durability)
    {
        var awaiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WriteItem? next;
        lock (_gate)
        {
            if (_ended || _failure is not null)
            {
                return Task.FromException(Refusal());
            }

            AddFlush(durability, awaiter);
            next = TakeNext();
        }

        Send(next);
        return awaiter.Task;
    }

    /// <summary>Nothing is added any more.</summary>
    /// <returns>True when all is done already; otherwise the stage is told.</returns>
    public bool Finish(Durability durability)
    {
        WriteItem? next = null;
        bool isFinished;
        lock (_gate)
        {
            _finishing = true;
            if (durability != Durability.None && _failure is null)
            {
                AddFlush(durability, null);
                next = TakeNext();
            }

            isFinished = Count == 0;
        }

        Send(next);
        return isFinished;
    }

    /// <summary>The run is over: whatever waits is not done.</summary>
    public void End()
    {
        WriteItem[] dropped;
        lock (_gate)
        {
            _ended = true;
            _changed = null;
            dropped = DropWaiting();
        }

        FailAll(dropped);
    }

    public void OnDone(WriteItem item) => Send(TakeOut(item));

    public void OnFailed(WriteItem item, Exception failure)
    {
        WriteItem[] dropped;
        Action? changed;
        lock (_gate)
        {
            _underWay = null;
            _written += failure is FileEngineException { BytesDone: var done } ? done : 0;
            _failure ??= failure;
            dropped = DropWaiting();
            changed = _changed;
        }

        FailAll([item, .. dropped]);
        changed?.Invoke();
    }

    private Durability SyncDurability =>
        options.SyncScope == SyncScope.Data ? Durability.DataSync : Durability.Sync;

    private void AddFlush(Durability durability, TaskCompletionSource? awaiter)
    {
        if (durability != Durability.None)
        {
            _unsyncedBytes = 0;
        }

        _gathering = null;
        _waiting.Enqueue(WriteItem.OfFlush(this, durability, awaiter));
    }

    /// <summary>The item that is to be sent now, if there is one, and the file is open and has none.</summary>
    private WriteItem? TakeNext()
    {
        if (_changed is null || _underWay is not null || !_waiting.TryDequeue(out var item))
        {
            return null;
        }

        _underWay = item;
        if (item == _gathering)
        {
            _gathering = null;
        }

        item.Offset = _position ?? Write.Append;
        _position += item.Data.Length;
        return item;
    }

    private void Send(WriteItem? item)
    {
        // After what was written before it there is nothing to do for such a flush.
        while (item is { Flush: Durability.None })
        {
            item = TakeOut(item);
        }

        if (item?.Flush is { } durability)
        {
            var scope = durability == Durability.Sync ? SyncScope.All : SyncScope.Data;
            file.Send(item, static (scope, token) => new Sync(scope, token), scope);
        }
        else if (item is not null)
        {
            file.Send(item, static (item, token) => new Write(item.Data, item.Offset, token), item);
        }
    }

    /// <summary>An item was performed.</summary>
    /// <returns>The one to be sent after it.</returns>
    private WriteItem? TakeOut(WriteItem item)
    {
        WriteItem? next;
        Action? changed = null;
        lock (_gate)
        {
            _underWay = null;
            _written += item.Data.Length;
            _queuedBytes -= item.Data.Length;
            next = TakeNext();
            if ((_awaited && _queuedBytes <= _bytesMax / 2 && Count <= _itemsMax / 2) || (_finishing && Count == 0))
            {
                _awaited = false;
                changed = _changed;
            }
        }

        item.End(null);
        changed?.Invoke();
        return next;
    }

    private WriteItem[] DropWaiting()
    {
        WriteItem[] dropped = [.. _waiting];
        _waiting.Clear();
        _gathering = null;
        return dropped;
    }

    private void FailAll(WriteItem[] items)
    {
        foreach (var item in items)
        {
            item.End(Refusal());
        }
    }

    /// <summary>For one call: each has an exception of its own, since each throws it with its own stack.</summary>
    private Exception Refusal() => _failure switch
    {
        _ when _ended => FlushSignal.NotRunning(),
        FileEngineException failure => failure.Again(),
        var failure => new InvalidOperationException(failure!.Message, failure),
    };
}
