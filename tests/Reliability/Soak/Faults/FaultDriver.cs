using Actors.Engine.Drivers;

namespace Actors.Reliability.Soak.Faults;

/// <summary>
/// A real driver whose kernel is worse than it is: cuts transfers short, interrupts, fails, and tells late. What it
/// says was not done was not done, and the other way round, so that files can be checked.
/// </summary>
internal sealed class FaultDriver(IDriver inner, FaultPlan plan, FaultCounts counts) : IDriver, ICompletionSink
{
    private readonly Dictionary<IoOperation, Altered> _altered = [];
    private readonly PriorityQueue<IoOperation, long> _late = new();
    private readonly Queue<IoOperation> _ready = new();
    private ICompletionSink? _sink;
    private int _delivered;

    public string Name => inner.Name;

    public string Details => $"{inner.Details}, with faults";

    public int Depth => inner.Depth;

    public int InFlight => inner.InFlight + _late.Count + _ready.Count;

    public bool TryPerform(IoOperation operation)
    {
        var kind = plan.Roll(operation);
        switch (kind)
        {
            case FaultKind.Transient or FaultKind.Error:
                Fail(operation, kind);
                return true;
            case FaultKind.Short:
                var whole = Cut(operation);
                var performed = inner.TryPerform(operation);
                operation.Length = whole;
                return performed;
            case FaultKind.Late or FaultKind.Hung:
                // It has to be submitted; whether it is late then is rolled again.
                return false;
            default:
                return inner.TryPerform(operation);
        }
    }

    public SubmitResult TrySubmit(IoOperation operation)
    {
        var kind = plan.Roll(operation);
        if (kind is FaultKind.Transient || (kind is FaultKind.Error && operation.Kind != IoKind.Close))
        {
            Fail(operation, kind);
            if (plan.IsInline())
            {
                return SubmitResult.Completed;
            }

            _ready.Enqueue(operation);
            return SubmitResult.Queued;
        }

        return kind == FaultKind.None ? inner.TrySubmit(operation) : SubmitAltered(operation, kind);
    }

    public void Flush() => inner.Flush();

    public int Reap(ICompletionSink sink)
    {
        _delivered = 0;
        _sink = sink;
        for (var n = _ready.Count; n > 0; n--)
        {
            Deliver(_ready.Dequeue());
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
        if (_ready.Count > 0)
        {
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

    public bool TryCancel(IoOperation operation) => inner.TryCancel(operation);

    public void Dispose() => inner.Dispose();

    /// <inheritdoc/>
    public void Complete(IoOperation operation)
    {
        if (!_altered.Remove(operation, out var altered))
        {
            Deliver(operation);
        }
        else if (!Restore(operation, altered))
        {
            Deliver(operation);
        }
    }

    private SubmitResult SubmitAltered(IoOperation operation, FaultKind kind)
    {
        var altered = new Altered(kind, kind == FaultKind.Short ? Cut(operation) : operation.Length);
        var result = inner.TrySubmit(operation);
        switch (result)
        {
            case SubmitResult.Queued:
                _altered.Add(operation, altered);
                break;
            case SubmitResult.Busy:
                operation.Length = altered.Length;
                break;
            case SubmitResult.Completed when Restore(operation, altered):
                return SubmitResult.Queued;
        }

        return result;
    }

    /// <returns>True when it is kept, to be told later.</returns>
    private bool Restore(IoOperation operation, Altered altered)
    {
        operation.Length = altered.Length;
        switch (altered.Kind)
        {
            case FaultKind.Late or FaultKind.Hung:
                counts.Count(altered.Kind);
                _late.Enqueue(operation, Environment.TickCount64 + plan.DelayOf(altered.Kind));
                return true;
            case FaultKind.Error when operation.Result >= 0:
                Fail(operation, altered.Kind);
                break;
        }

        return false;
    }

    private void Fail(IoOperation operation, FaultKind kind)
    {
        counts.Count(kind);
        operation.Result = plan.ResultOf(kind, operation);
    }

    private long Cut(IoOperation operation)
    {
        counts.Count(FaultKind.Short);
        var whole = operation.Length;
        operation.Length = operation.Done + plan.PartOf(whole - operation.Done);
        return whole;
    }

    private void Deliver(IoOperation operation)
    {
        _delivered++;
        _sink!.Complete(operation);
    }

    /// <param name="Kind">What is done to it.</param>
    /// <param name="Length">What its owner asked for.</param>
    private readonly record struct Altered(FaultKind Kind, long Length);
}
