using Actors.Engine;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Adversary.Faults;

/// <summary>Questions about open files, some of which fail with an errno of fstat(2), fcntl(2) or flock(2).</summary>
internal sealed class FaultyFileCalls(FaultDice dice, IFileCalls inner) : IFileCalls
{
    public int TryGetFacts(int file, out FileFacts facts)
    {
        facts = default;
        return Fails("statx", out var error) ? error : inner.TryGetFacts(file, out facts);
    }

    public int TryStat(int file, out FileStatus? status)
    {
        status = null;
        return Fails("statx", out var error) ? error : inner.TryStat(file, out status);
    }

    /// <summary>What the kernel knows without asking anybody, so that it is never stuck.</summary>
    public int TryGetLength(int file, out long length)
    {
        length = 0;
        return Fails("statx", out var error, mayBeStuck: false) ? error : inner.TryGetLength(file, out length);
    }

    public bool CanTryBufferedWrites(int file) => inner.CanTryBufferedWrites(file);

    public int MakeBlocking(int file, bool direct, ref bool appends) =>
        Fails("fcntl", out var error) ? error : inner.MakeBlocking(file, direct, ref appends);

    public bool AreSame(int one, int other) => inner.AreSame(one, other);

    public int TryLock(int file) => Fails("flock", out var error) ? error : inner.TryLock(file);

    private bool Fails(string call, out int error, bool mayBeStuck = true)
    {
        error = 0;
        switch (dice.Draw(call))
        {
            case FaultKind.Error:
                error = -dice.ErrnoOf(call, ManPages.Of(IoKind.Stat));
                return true;
            case FaultKind.Slow:
                Thread.Sleep(dice.Slowness());
                return false;
            case FaultKind.Stuck or FaultKind.StuckAfter when mayBeStuck:
                dice.Gate.Hold(static () => { });
                return false;
            default:
                return false;
        }
    }
}
