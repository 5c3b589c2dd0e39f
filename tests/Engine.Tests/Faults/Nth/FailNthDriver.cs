using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>
/// A real driver, but for the operation that the plan lets fail: that one is answered with an error instead of being
/// performed, or transfers one unit only.
/// </summary>
internal sealed class FailNthDriver(IDriver inner, FaultPlan plan) : IDriver, ICompletionSink
{
    private readonly Queue<IoOperation> _failed = new();
    private readonly Dictionary<IoOperation, Fault?> _counted = [];
    private readonly Dictionary<IoOperation, long> _shortened = [];
    private ICompletionSink _sink = Discard.Sink;

    public string Name => inner.Name;

    public string Details => inner.Details;

    public int Depth => inner.Depth;

    public int InFlight => inner.InFlight + _failed.Count;

    public bool TryPerform(IoOperation operation)
    {
        var fault = FaultOf(operation);
        var performed = fault switch
        {
            null => inner.TryPerform(operation),
            { IsShort: true } => TryPerformShortened(operation),
            { Inline: true } => Fail(operation, fault),
            _ => false,
        };
        if (!performed)
        {
            // It comes again, by submission: still the same operation, with the same fault.
            _counted.Add(operation, fault);
        }

        return performed;
    }

    public SubmitResult TrySubmit(IoOperation operation)
    {
        var fault = FaultOf(operation);
        var result = fault switch
        {
            null => inner.TrySubmit(operation),
            { IsShort: true } => SubmitShortened(operation),
            { Inline: true } => Fail(operation, fault) ? SubmitResult.Completed : SubmitResult.Busy,
            _ => SubmitFailed(operation, fault),
        };
        if (result == SubmitResult.Busy)
        {
            _counted.Add(operation, fault);
        }

        return result;
    }

    public void Flush() => inner.Flush();

    public int Reap(ICompletionSink sink)
    {
        var delivered = 0;
        for (var n = _failed.Count; n > 0; n--)
        {
            delivered++;
            sink.Complete(_failed.Dequeue());
        }

        _sink = sink;
        return delivered + inner.Reap(this);
    }

    public void Wait(int timeout) => inner.Wait(_failed.Count > 0 ? 0 : timeout);

    public void Wake() => inner.Wake();

    public bool TryCancel(IoOperation operation) => inner.TryCancel(operation);

    public void Dispose() => inner.Dispose();

    void ICompletionSink.Complete(IoOperation operation)
    {
        if (_shortened.Remove(operation, out var whole))
        {
            operation.Length = whole;
        }

        _sink.Complete(operation);
    }

    private Fault? FaultOf(IoOperation operation) =>
        _counted.Remove(operation, out var fault) ? fault : plan.Take(operation);

    private static bool Fail(IoOperation operation, Fault fault)
    {
        if (operation.Kind == IoKind.Close)
        {
            // Whatever close(2) says, the descriptor is gone.
            BlockingCalls.Platform.Perform(operation);
        }

        operation.Result = -fault.Errno;
        return true;
    }

    private SubmitResult SubmitFailed(IoOperation operation, Fault fault)
    {
        Fail(operation, fault);
        _failed.Enqueue(operation);
        return SubmitResult.Queued;
    }

    private SubmitResult SubmitShortened(IoOperation operation)
    {
        var whole = Shorten(operation);
        var result = inner.TrySubmit(operation);
        if (result == SubmitResult.Queued)
        {
            // Until it completes: the driver may not have looked yet.
            _shortened.Add(operation, whole);
        }
        else
        {
            operation.Length = whole;
        }

        return result;
    }

    private bool TryPerformShortened(IoOperation operation)
    {
        var whole = Shorten(operation);
        var performed = inner.TryPerform(operation);
        operation.Length = whole;
        return performed;
    }

    /// <summary>Cuts a transfer to one byte, or one unit of direct I/O, and tells what it was.</summary>
    private static long Shorten(IoOperation operation)
    {
        var whole = operation.Length;
        operation.Length = Math.Min(whole, operation.Done + operation.File!.Alignment.Offset);
        return whole;
    }
}
