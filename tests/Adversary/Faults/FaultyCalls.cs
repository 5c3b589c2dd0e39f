using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Adversary.Faults;

/// <summary>The system's calls on a disk that is worse than this one. What fails did nothing.</summary>
internal sealed class FaultyCalls(FaultDice dice) : IBlockingCalls
{
    public void Perform(IoOperation operation)
    {
        dice.Begins(operation);
        var isTransfer = operation.Kind is IoKind.Read or IoKind.Write;
        var fault = dice.Draw(
            operation.Kind.ToString(), isTransfer ? operation.Length - operation.Done : 0,
            operation.Kind == IoKind.Write);
        Perform(operation, fault);
        dice.Ends(operation);
    }

    /// <summary>A part may be all that the cache has, and nothing is likely.</summary>
    public bool TryReadCached(IoOperation operation)
    {
        var rest = operation.Length - operation.Done;
        switch (dice.Draw("ReadCached", rest))
        {
            case FaultKind.Error or FaultKind.Transient or FaultKind.Stuck or FaultKind.StuckAfter:
                return false;
            case FaultKind.Short:
                var whole = operation.Length;
                operation.Length = operation.Done + dice.PartOf(rest);
                var cached = BlockingCalls.Platform.TryReadCached(operation);
                operation.Length = whole;
                return cached;
            default:
                return BlockingCalls.Platform.TryReadCached(operation);
        }
    }

    private void Perform(IoOperation operation, FaultKind fault)
    {
        switch (fault)
        {
            case FaultKind.Error:
                Fail(operation);
                break;
            case FaultKind.Transient:
                operation.Result = -dice.ErrnoOf(operation.Kind.ToString(), Transients.Of(operation.Kind));
                CloseAnyway(operation);
                break;
            case FaultKind.Zero:
                operation.Result = 0;
                break;
            case FaultKind.Full:
                operation.Result = -Errno.ENOSPC;
                break;
            case FaultKind.Short:
                var whole = operation.Length;
                operation.Length = operation.Done + dice.PartOf(whole - operation.Done);
                BlockingCalls.Platform.Perform(operation);
                operation.Length = whole;
                break;
            case FaultKind.Slow:
                Thread.Sleep(dice.Slowness());
                BlockingCalls.Platform.Perform(operation);
                break;
            case FaultKind.Stuck:
                dice.Gate.Hold(() => BlockingCalls.Platform.Perform(operation));
                break;
            case FaultKind.StuckAfter:
                BlockingCalls.Platform.Perform(operation);
                dice.Gate.Hold(static () => { });
                break;
            default:
                BlockingCalls.Platform.Perform(operation);
                break;
        }
    }

    private void Fail(IoOperation operation)
    {
        operation.Result = -dice.ErrnoOf(operation.Kind.ToString(), ManPages.Of(operation.Kind));
        CloseAnyway(operation);
    }

    /// <summary>Linux has released the descriptor whatever close(2) says.</summary>
    private static void CloseAnyway(IoOperation operation)
    {
        if (operation.Kind == IoKind.Close)
        {
            var told = operation.Result;
            BlockingCalls.Platform.Perform(operation);
            operation.Result = told;
        }
    }
}
