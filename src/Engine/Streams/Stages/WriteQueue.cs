namespace Actors.Engine.Streams.Stages;

/// <summary>
/// What a run of a sink was given and the engine has not written: one command at a time, so that nothing is written
/// behind something that could not be. Small data that waits is gathered. The next command goes out with the answer
/// to the one before it, on the file's shard; the stage is told only when it can do something.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WriteQueue(StageFile file, FileSinkOptions options)
{
    // Up to the size that a writer copies by default; larger ones are written where they are.
    private const int SmallSize = 8 << 10;
    private const int GatherSize = 32 << 10;

    private readonly Lock _gate = new();
    private readonly Queue<WriteItem> _items = new();
    private Action? _changed;
    private WriteItem? _gathering;
    private Exception? _failure;
    private long _bytesMax;
    private int _itemsMax;
    private bool _gathers;
    private bool _busy;
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

    /// <summary>The file is open.</summary>
    /// <param name="opened">What it said.</param>
    /// <param name="changed">Called, from any thread, when something failed, when there is room for which
    /// <see cref="HasRoom"/> was asked in vain, and when everything is done after <see cref="Finish"/>.</param>
    public void Start(Opened opened, Action changed)
    {
        lock (_gate)
        {
            _changed = changed;
            _bytesMax = opened.CreditBytes;
            _itemsMax = opened.Credits;
            _gathers = opened.Alignment == IoAlignment.None;
            SendNext();
        }
    }

    /// <summary>Whether the stage may ask for another element. If not it is told once it may, with half of the room
    /// free.</summary>
    public bool HasRoom()
    {
        lock (_gate)
        {
            _awaited = _queuedBytes >= _bytesMax || _items.Count >= _itemsMax;
            return !_awaited;
        }
    }

    public void Add(ReadOnlyMemory<byte> data)
    {
        lock (_gate)
        {
            if (data.IsEmpty || _failure is not null)
            {
                return;
            }

            _queuedBytes += data.Length;
            _unsyncedBytes += data.Length;
            var isSmall = _gathers && data.Length <= SmallSize;
            if (!isSmall || _gathering is null || !_gathering.TryGather(data, GatherSize))
            {
                var item = WriteItem.Of(this, data);
                _gathering = isSmall ? item : null;
                Enqueue(item);
            }

            if (_unsyncedBytes >= options.SyncEveryBytes)
            {
                SyncIfNeeded();
            }
        }
    }

    /// <summary>Syncs what has been added since the last sync.</summary>
    public void SyncIfNeeded()
    {
        lock (_gate)
        {
            if (_unsyncedBytes > 0 && _failure is null)
            {
                Flush(options.SyncScope == SyncScope.Data ? Durability.DataSync : Durability.Sync, null);
            }
        }
    }

    /// <summary>In turn: makes what was added so far durable, or waits for it to be written.</summary>
    public Task FlushAsync(Durability durability)
    {
        lock (_gate)
        {
            if (_ended || _failure is not null)
            {
                return Task.FromException(_failure ?? FlushSignal.NotRunning());
            }

            var awaiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Flush(durability, awaiter);
            return awaiter.Task;
        }
    }

    /// <summary>Nothing is added any more.</summary>
    /// <returns>True when all is done already; otherwise the stage is told.</returns>
    public bool Finish(Durability durability)
    {
        lock (_gate)
        {
            _finishing = true;
            if (durability != Durability.None && _failure is null)
            {
                Flush(durability, null);
            }

            return IsFinished();
        }
    }

    /// <summary>Whether everything is done after <see cref="Finish"/>.</summary>
    public bool IsFinished()
    {
        lock (_gate)
        {
            return _finishing && _items.Count == 0;
        }
    }

    /// <summary>The run is over: whatever waits is not done.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _changed = null;
            FailAll(FlushSignal.NotRunning());
        }
    }

    public void OnDone(WriteItem item)
    {
        lock (_gate)
        {
            _written += item.Data.Length;
            if (_items.TryPeek(out var head) && head == item)
            {
                EndHead();
                SendNext();
            }
            else
            {
                item.Release();
            }

            if ((_awaited && _queuedBytes <= _bytesMax / 2 && _items.Count <= _itemsMax / 2)
                || (_finishing && _items.Count == 0))
            {
                _awaited = false;
                _changed?.Invoke();
            }
        }
    }

    public void OnFailed(WriteItem item, Exception failure)
    {
        lock (_gate)
        {
            _written += failure is FileEngineException { BytesDone: var done } ? done : 0;
            _failure ??= failure;
            FailAll(failure, item);
            _changed?.Invoke();
        }
    }

    private void Flush(Durability durability, TaskCompletionSource? awaiter)
    {
        if (durability != Durability.None)
        {
            _unsyncedBytes = 0;
        }

        _gathering = null;
        Enqueue(WriteItem.OfFlush(this, durability, awaiter));
    }

    private void Enqueue(WriteItem item)
    {
        _items.Enqueue(item);
        if (!_busy)
        {
            SendNext();
        }
    }

    /// <summary>Sends the first item, if there is one and the file is open.</summary>
    private void SendNext()
    {
        _busy = false;
        while (_changed is not null && _items.TryPeek(out var item) && !_busy)
        {
            if (item.Flush == Durability.None)
            {
                EndHead();
                continue;
            }

            _busy = true;
            if (item == _gathering)
            {
                _gathering = null;
            }

            // Last, for it may come back on this thread.
            Send(item);
            return;
        }
    }

    private void Send(WriteItem item)
    {
        if (item.Flush is { } durability)
        {
            var scope = durability == Durability.Sync ? SyncScope.All : SyncScope.Data;
            file.Send(item, static (scope, token) => new Sync(scope, token), scope);
            return;
        }

        var offset = _position ?? Write.Append;
        _position += item.Data.Length;
        file.Send(
            item, static (write, token) => new Write(write.Data, write.Offset, token),
            (item.Data, Offset: offset));
    }

    private void EndHead()
    {
        var item = _items.Dequeue();
        _queuedBytes -= item.Data.Length;
        item.Release();
        item.Awaiter?.TrySetResult();
    }

    /// <summary>Drops what waits. The buffer of an item that is on its way is left to the collector, not to the next
    /// writer: the kernel may still be reading it.</summary>
    private void FailAll(Exception failure, WriteItem? failed = null)
    {
        var isUnderWay = _busy;
        while (_items.TryDequeue(out var item))
        {
            if (!isUnderWay && item != failed)
            {
                item.Release();
            }

            isUnderWay = false;
            item.Awaiter?.TrySetException(failure);
        }

        _gathering = null;
        _queuedBytes = 0;
    }
}
