using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Adversary.Faults;

/// <summary>
/// A driver whose ring is out of reach of <see cref="FaultyCalls"/>, on a disk that is worse than this one. A call that
/// is stuck is made by somebody else once it is let go, as by the kernel, on a descriptor and with the memory that it was
/// submitted with: also when the driver is long gone.
/// </summary>
internal sealed partial class FaultyDriver(IDriver inner, FaultDice dice) : IDriver, ICompletionSink
{
    private readonly Dictionary<IoOperation, Altered> _altered = [];
    private readonly PriorityQueue<IoOperation, long> _late = new();
    private readonly ConcurrentQueue<IoOperation> _ready = new();
    private ICompletionSink? _sink;
    private int _delivered;
    private int _heldInFlight;

    public string Name => inner.Name;

    public string Details => inner.Details;

    public int Depth => inner.Depth;

    public int InFlight => inner.InFlight + _late.Count + Volatile.Read(ref _heldInFlight);

    public IFileCalls? Files => inner.Files;

    public bool TryPerform(IoOperation operation) => inner.TryPerform(operation);

    public SubmitResult TrySubmit(IoOperation operation)
    {
        if (inner is InlineFirstDriver && inner.TryPerform(operation))
        {
            return SubmitResult.Completed;
        }

        var isTransfer = operation.Kind is IoKind.Read or IoKind.Write;
        var rest = isTransfer ? operation.Length - operation.Done : 0;
        if (InFlight >= Depth)
        {
            return SubmitResult.Busy;
        }

        var kind = dice.Draw(operation.Kind.ToString(), rest, operation.Kind == IoKind.Write);
        switch (kind)
        {
            case FaultKind.None:
                return Submit(operation, new Altered(kind, operation.Length));
            case FaultKind.Error or FaultKind.Transient or FaultKind.Zero or FaultKind.Full
                when operation.Kind != IoKind.Close:
                operation.BegunAt = operation.IsTimed ? Stopwatch.GetTimestamp() : 0;
                operation.Result = ResultOf(kind, operation.Kind);
                Interlocked.Increment(ref _heldInFlight);
                _ready.Enqueue(operation);
                return SubmitResult.Queued;
            case FaultKind.Stuck or FaultKind.StuckAfter when operation.Kind is not (IoKind.Open or IoKind.Stat):
                Hold(operation);
                return SubmitResult.Queued;
            case FaultKind.Short:
                var altered = new Altered(kind, operation.Length);
                operation.Length = operation.Done + dice.PartOf(rest);
                return Submit(operation, altered);
            default:
                return Submit(operation, new Altered(kind, operation.Length));
        }
    }

    public void Flush() => inner.Flush();

    public int Reap(ICompletionSink sink)
    {
        _delivered = 0;
        _sink = sink;
        for (var n = _ready.Count; n > 0 && _ready.TryDequeue(out var operation); n--)
        {
            Interlocked.Decrement(ref _heldInFlight);
            Deliver(operation);
        }

        while (_late.TryPeek(out var operation, out var due) && due <= Environment.TickCount64)
        {
            _late.Dequeue();
            Deliver(operation);
        }

        inner.Reap(this);
        return _delivered;
    }

    public void Wait(int timeout)
    {
        if (!_ready.IsEmpty)
        {
            inner.Wait(0);
            return;
        }

        if (_late.TryPeek(out _, out var due))
        {
            var left = (int)Math.Max(0, due - Environment.TickCount64);
            timeout = timeout < 0 ? left : Math.Min(timeout, left);
        }

        inner.Wait(timeout);
    }

    public void Wake() => inner.Wake();

    public bool TryCancel(IoOperation operation) => _altered.ContainsKey(operation) && inner.TryCancel(operation);

    public void Dispose() => inner.Dispose();

    /// <inheritdoc/>
    public void Complete(IoOperation operation)
    {
        if (!_altered.Remove(operation, out var altered))
        {
            Deliver(operation);
            return;
        }

        operation.Length = altered.Length;
        dice.Ends(operation);
        switch (altered.Kind)
        {
            case FaultKind.Slow:
                _late.Enqueue(operation, Environment.TickCount64 + dice.Slowness());
                break;
            case FaultKind.Error when operation.Result >= 0:
                operation.Result = -dice.ErrnoOf(operation.Kind.ToString(), ManPages.Of(operation.Kind));
                Deliver(operation);
                break;
            default:
                Deliver(operation);
                break;
        }
    }

    private SubmitResult Submit(IoOperation operation, Altered altered)
    {
        dice.Begins(operation);
        var result = inner.TrySubmit(operation);
        switch (result)
        {
            case SubmitResult.Queued:
                _altered[operation] = altered;
                break;
            default:
                dice.Ends(operation);
                operation.Length = altered.Length;
                break;
        }

        return result;
    }

    private unsafe void Hold(IoOperation operation)
    {
        operation.BegunAt = operation.IsTimed ? Stopwatch.GetTimestamp() : 0;
        var isClose = operation.Kind == IoKind.Close;
        var descriptor = isClose ? operation.File!.Descriptor : Duplicate(operation.File!.Descriptor, 1030, 0);
        var copy = new IoOperation
        {
            Kind = operation.Kind,
            File = new FileHandle(descriptor)
            {
                IsDevice = operation.File!.IsDevice, AppendsByDefault = operation.File.AppendsByDefault,
            },
            Buffer = operation.Buffer,
            Length = operation.Length,
            Offset = operation.Offset,
            Append = operation.Append,
            Done = operation.Done,
        };
        Interlocked.Increment(ref _heldInFlight);
        dice.Begins(copy);
        dice.Gate.Hold(
            () =>
            {
                BlockingCalls.Platform.Perform(copy);
                if (!isClose)
                {
                    BlockingCalls.Platform.Perform(
                        new IoOperation { Kind = IoKind.Close, File = new FileHandle(descriptor) });
                }

                dice.Ends(copy);
            },
            () =>
            {
                operation.Result = copy.Result;
                _ready.Enqueue(operation);
                inner.Wake();
            });
    }

    private long ResultOf(FaultKind fault, IoKind kind) => fault switch
    {
        FaultKind.Zero => 0,
        FaultKind.Full => -Errno.ENOSPC,
        FaultKind.Error => -dice.ErrnoOf(kind.ToString(), ManPages.Of(kind)),
        _ => -dice.ErrnoOf(kind.ToString(), Transients.Of(kind)),
    };

    private void Deliver(IoOperation operation)
    {
        _delivered++;
        _sink!.Complete(operation);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Duplicate(int file, int command, int least);

    /// <param name="Kind">What is done to it.</param>
    /// <param name="Length">What its owner asked for.</param>
    private readonly record struct Altered(FaultKind Kind, long Length);
}
