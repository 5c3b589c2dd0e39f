using Actors.Engine.Drivers;

namespace Actors.Reliability.Soak.Faults;

/// <summary>Rolls what becomes of an operation; the same seed rolls the same.</summary>
internal sealed class FaultPlan(int seed)
{
    // Of 10,000 operations. A failed sync poisons its file, and a hung operation may cost a file with a time limit; so
    // that files live long enough to be of use, these are rare.
    private const int Short = 200;
    private const int Transient = 200;
    private const int Late = 100;
    private const int Hung = 2;
    private const int Error = 50;
    private const int SyncError = 10;

    private readonly Random _random = new(seed);

    /// <summary>What to do to an operation.</summary>
    public FaultKind Roll(IoOperation operation)
    {
        var roll = _random.Next(10_000);
        var isTransfer = operation.Kind is IoKind.Read or IoKind.Write;
        var error = operation.Kind is IoKind.Sync or IoKind.DataSync ? SyncError : Error;
        return (roll -= error) < 0 ? FaultKind.Error
            : (roll -= Late) < 0 ? FaultKind.Late
            : (roll -= Hung) < 0 ? FaultKind.Hung
            : operation.Kind != IoKind.Close && (roll -= Transient) < 0 ? FaultKind.Transient
            : isTransfer && operation.Length - operation.Done > 1 && roll - Short < 0 ? FaultKind.Short
            : FaultKind.None;
    }

    /// <summary>What the kernel says of a fault.</summary>
    public long ResultOf(FaultKind kind, IoOperation operation) => kind switch
    {
        FaultKind.Transient => _random.Next(2) == 0 ? -Errno.EINTR : -Errno.EAGAIN,
        FaultKind.Error when operation.Kind is IoKind.Write or IoKind.Allocate or IoKind.Truncate =>
            _random.Next(2) == 0 ? -Errno.EIO : -Errno.ENOSPC,
        _ => -Errno.EIO,
    };

    /// <summary>How much of the rest of a transfer is done.</summary>
    public long PartOf(long rest) => 1 + (long)(_random.NextDouble() * (rest - 1));

    /// <summary>How late it is told, in milliseconds.</summary>
    public int DelayOf(FaultKind kind) =>
        kind == FaultKind.Late ? _random.Next(1, 20) : _random.Next(2, 4) * SoakLimits.OperationTimeout;

    /// <summary>Whether a fault that needs no kernel is told at once rather than at the next reap.</summary>
    public bool IsInline() => _random.Next(2) == 0;
}
