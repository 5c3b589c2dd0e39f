using Actors.Engine.Actors;
using Actors.Engine.Drivers;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>What is answered in place of performing an operation.</summary>
/// <param name="Errno">The error number; 0 lets one unit of a transfer through and no more.</param>
/// <param name="Inline">Answered when it is submitted; otherwise by the next reap.</param>
internal sealed record Fault(int Errno, bool Inline)
{
    public bool IsShort => Errno == 0;
}

/// <summary>The operation that a fault has hit.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Kind">Of the operation.</param>
/// <param name="Done">Bytes that it had transferred before.</param>
/// <param name="Covered">The commands that it was to answer.</param>
internal sealed record Hit(Fault Fault, IoKind Kind, long Done, IReadOnlyList<FileCommand> Covered);

/// <summary>
/// Which operation of a scenario fails, counted over all drivers, and how. Thread-safe; one scenario after the other.
/// </summary>
internal sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private Func<IoKind, Fault?> _fault = _ => null;
    private int _at;
    private int _count;

    /// <summary>Operations so far.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>What was hit; null if nothing was.</summary>
    public Hit? Hit { get; private set; }

    /// <summary>The kind of the operation whose turn it was.</summary>
    public IoKind? Met { get; private set; }

    /// <summary>Descriptors made and descriptors given to close(2).</summary>
    public int Opened { get; private set; }

    public int Closed { get; private set; }

    /// <summary>Starts counting anew.</summary>
    /// <param name="at">The operation that fails, from 1; 0 for none.</param>
    /// <param name="fault">How an operation of that kind fails; null: it does not.</param>
    public void Arm(int at, Func<IoKind, Fault?> fault)
    {
        lock (_lock)
        {
            (_at, _fault, _count) = (at, fault, 0);
            (Hit, Met, Opened, Closed) = (null, null, 0, 0);
        }
    }

    /// <summary>Counts an operation on its way to the kernel.</summary>
    /// <returns>Its fault, or null.</returns>
    public Fault? Take(IoOperation operation)
    {
        lock (_lock)
        {
            var fault = ++_count == _at ? _fault(operation.Kind) : null;
            if (_count == _at)
            {
                Met = operation.Kind;
            }

            if (fault is not null)
            {
                var covered = ((FileOperation)operation.State!).Covered.ToArray().Select(pending => pending.Command);
                Hit = new Hit(fault, operation.Kind, operation.Done, [.. covered]);
            }

            Opened += operation.Kind == IoKind.Open && fault is null ? 1 : 0;
            Closed += operation.Kind == IoKind.Close ? 1 : 0;
            return fault;
        }
    }
}
