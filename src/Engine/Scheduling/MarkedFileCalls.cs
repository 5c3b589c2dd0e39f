using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Scheduling;

/// <summary>Questions about open files, each marked as a call that the kernel may keep: a server may have to be asked.
/// On the shard's thread.</summary>
internal sealed class MarkedFileCalls(IFileCalls calls, IoScheduler scheduler) : IFileCalls
{
    public int TryGetFacts(int file, out FileFacts facts)
    {
        using (new Mark(scheduler))
        {
            return calls.TryGetFacts(file, out facts);
        }
    }

    public int TryStat(int file, out FileStatus? status)
    {
        using (new Mark(scheduler))
        {
            return calls.TryStat(file, out status);
        }
    }

    public int TryGetLength(int file, out long length)
    {
        using (new Mark(scheduler))
        {
            return calls.TryGetLength(file, out length);
        }
    }

    public bool CanTryBufferedWrites(int file)
    {
        using (new Mark(scheduler))
        {
            return calls.CanTryBufferedWrites(file);
        }
    }

    public int MakeBlocking(int file, bool direct)
    {
        using (new Mark(scheduler))
        {
            return calls.MakeBlocking(file, direct);
        }
    }

    public bool AreSame(int one, int other)
    {
        using (new Mark(scheduler))
        {
            return calls.AreSame(one, other);
        }
    }

    public int TryLock(int file)
    {
        using (new Mark(scheduler))
        {
            return calls.TryLock(file);
        }
    }

    private readonly ref struct Mark
    {
        private readonly IoScheduler _scheduler;
        private readonly bool _isMarked;

        public Mark(IoScheduler scheduler)
        {
            _scheduler = scheduler;
            _isMarked = scheduler.EnterCall();
        }

        public void Dispose() => _scheduler.LeaveCall(_isMarked);
    }
}
