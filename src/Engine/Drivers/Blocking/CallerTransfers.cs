namespace Actors.Engine.Drivers.Blocking;

/// <summary>
/// Small transfers of one file through the page cache, on the thread of whoever asks: what
/// <see cref="InlineFirstDriver"/> does for a shard, without the way to the shard. Keeps the file from being closed under
/// a transfer.
/// </summary>
/// <remarks>Thread-safe; order is the callers' business.</remarks>
internal sealed unsafe class CallerTransfers(
    FileHandle file, int transferMax, WriteBackoff backoff, SystemCalls calls)
{
    private const long Closing = 1;
    private const long OneUser = 2;

    [ThreadStatic]
    private static IoOperation? _operation;

    private Action? _whenFree;
    private long _state;
    private int _readsToSkip;

    /// <summary>Of <see cref="TransferMax"/>: no transfers.</summary>
    public const int None = -1;

    /// <summary>Bytes of the largest transfer.</summary>
    public int TransferMax => transferMax;

    /// <summary>Performs a write from start to end, unless it is none to do here.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="offset">Where the first goes.</param>
    /// <param name="append">At the end instead, as the kernel knows it.</param>
    /// <param name="done">Bytes written, also when an error ended it.</param>
    /// <param name="errno">What ended it; 0 for nothing.</param>
    /// <returns>False: nothing was done.</returns>
    public bool TryWrite(ReadOnlySpan<byte> data, long offset, bool append, out long done, out int errno)
    {
        done = errno = 0;
        if (data.Length > transferMax || !backoff.TryStart(out var startedAt) || !TryEnter())
        {
            return false;
        }

        fixed (byte* buffer = data)
        {
            var operation = Prepare(IoKind.Write, buffer, data.Length, offset);
            operation.Append = append;
            do
            {
                calls.Blocking.Perform(operation);
            }
            while (CompletionDecision.Weigh(operation) == CompletionAction.Resubmit);
            done = operation.Done;
            errno = operation.Result < 0 ? (int)-operation.Result : 0;
        }

        backoff.Wrote(startedAt);
        Exit();
        return true;
    }

    /// <summary>Performs a read, if the page cache has all of it or all up to the end of the file.</summary>
    /// <returns>False: nothing is known of the destination's content.</returns>
    public bool TryRead(Span<byte> destination, long offset, out int done)
    {
        done = 0;
        if (destination.Length > transferMax || SkipsRead() || !TryEnter())
        {
            return false;
        }

        bool cached;
        fixed (byte* buffer = destination)
        {
            var operation = Prepare(IoKind.Read, buffer, destination.Length, offset);
            do
            {
                cached = calls.Blocking.TryReadCached(operation);
            }
            while (cached && CompletionDecision.Weigh(operation) == CompletionAction.Resubmit);
            done = (int)operation.Done;
        }

        Exit();
        if (!cached)
        {
            Volatile.Write(ref _readsToSkip, InlineFirstDriver.ReadsAfterMiss);
        }

        return cached;
    }

    /// <summary>Asks for the file's length, unless it is closing.</summary>
    public bool TryGetLength(out long length)
    {
        length = 0;
        if (!TryEnter())
        {
            return false;
        }

        try
        {
            if (file.Safe is null)
            {
                return calls.Files.TryGetLength(file.Descriptor, out length) == 0;
            }

            length = RandomAccess.GetLength(file.Safe);
            return true;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Lets no transfer begin from now on.</summary>
    /// <param name="whenFree">Called once, on a caller's thread, when the last transfer has ended; not if none is under
    /// way.</param>
    /// <returns>True when none is under way: the file may be closed.</returns>
    public bool TryClose(Action whenFree)
    {
        _whenFree = whenFree;
        return (Interlocked.Or(ref _state, Closing) & ~Closing) == 0;
    }

    private bool TryEnter()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if ((state & Closing) != 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _state, state + OneUser, state) == state)
            {
                return true;
            }
        }
    }

    private void Exit()
    {
        if (Interlocked.Add(ref _state, -OneUser) == Closing)
        {
            _whenFree!();
        }
    }

    private bool SkipsRead() => Volatile.Read(ref _readsToSkip) > 0 && Interlocked.Decrement(ref _readsToSkip) >= 0;

    private IoOperation Prepare(IoKind kind, byte* buffer, int length, long offset)
    {
        var operation = _operation ??= new IoOperation();
        operation.Kind = kind;
        operation.File = file;
        operation.Buffer = buffer;
        operation.Length = length;
        operation.Offset = offset;
        operation.Append = operation.OnThread = false;
        operation.Done = 0;
        operation.Retries = 0;
        return operation;
    }
}
