using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Scheduling;

/// <summary>Questions about open files, each marked as a call that the kernel may keep: a server may have to be asked.
/// A substitute asks nothing, for nobody would relieve it in turn: it is told EAGAIN. On the shard's thread.</summary>
internal sealed class MarkedFileCalls(IFileCalls calls, IoScheduler scheduler) : IFileCalls
{
    public int TryGetFacts(int file, out FileFacts facts)
    {
        facts = default;
        using var mark = new Mark(scheduler);
        return mark.MayCall ? calls.TryGetFacts(file, out facts) : -Errno.EAGAIN;
    }

    public int TryStat(int file, out FileStatus? status)
    {
        status = null;
        using var mark = new Mark(scheduler);
        return mark.MayCall ? calls.TryStat(file, out status) : -Errno.EAGAIN;
    }

    public int TryGetLength(int file, out long length)
    {
        length = 0;
        using var mark = new Mark(scheduler);
        return mark.MayCall ? calls.TryGetLength(file, out length) : -Errno.EAGAIN;
    }

    public bool CanTryBufferedWrites(int file)
    {
        using var mark = new Mark(scheduler);
        return mark.MayCall && calls.CanTryBufferedWrites(file);
    }

    public int MakeBlocking(int file, bool direct, ref bool appends)
    {
        using var mark = new Mark(scheduler);
        return mark.MayCall ? calls.MakeBlocking(file, direct, ref appends) : -Errno.EAGAIN;
    }

    public bool AreSame(int one, int other)
    {
        using var mark = new Mark(scheduler);
        return !mark.MayCall || calls.AreSame(one, other);
    }

    public int TryLock(int file)
    {
        using var mark = new Mark(scheduler);

        // EAGAIN would say that somebody holds the lock.
        return mark.MayCall ? calls.TryLock(file) : -Errno.EBUSY;
    }

    private readonly ref struct Mark
    {
        private readonly IoScheduler _scheduler;

        public Mark(IoScheduler scheduler)
        {
            _scheduler = scheduler;
            MayCall = scheduler.EnterCall();
        }

        /// <summary>False for a substitute.</summary>
        public bool MayCall { get; }

        public void Dispose()
        {
            _scheduler.LeaveCall(MayCall);
            if (MayCall)
            {
                _scheduler.NoteCall();
            }
        }
    }
}
