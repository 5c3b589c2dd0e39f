using System.Collections.Concurrent;
using System.Diagnostics;
using Actors.Engine.Drivers;
using Actors.Engine.Scheduling;
using Akka.Dispatch;

namespace Actors.Engine.Shards;

/// <summary>
/// One thread that runs a shard: the mailboxes of its actors, and its driver. It is the executor of the shard's Akka
/// dispatcher. A turn runs what is queued, then passes what the actors submitted to the kernel and delivers what has
/// completed; with nothing to do it looks around for a moment, then sleeps in the driver.
/// </summary>
/// <remarks>
/// Work from the loop's own thread goes through a plain queue, from other threads through a concurrent one; a wake-up
/// is sent only to a loop that has declared itself asleep. The loop starts with the first work and ends with
/// <see cref="RequestStop"/>; Akka's own shutdown of an executor is ignored, because the engine owns its threads.
/// <para>
/// When the kernel keeps the thread in a call, <see cref="TryRelieve"/> has a substitute turn the loop: without the
/// driver, so that actors can answer what they owe, and nothing else. The thread takes over again when it comes back.
/// </para>
/// </remarks>
internal sealed class EventLoop : ExecutorService
{
    private const int RemoteBatch = 1024;

    /// <summary>Mailboxes that a turn runs at least, if there are so many: two actors that talk to each other go on
    /// for a while before the loop turns to its driver.</summary>
    private const int LocalRunsMin = 16;

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly Func<IoScheduler> _createScheduler;
    private readonly Action<Exception> _onError;
    private readonly Func<bool, int> _onTurn;
    private readonly ConcurrentQueue<IRunnable> _remote = new();
    private readonly Queue<Work> _local = new();
    private readonly long _spinTicks;
    private readonly ILoopHost _host;
    private readonly LoopBaton _baton;
    private readonly Action _onEnded;
    private readonly Lock _starting = new();
    private TaskCompletionSource? _started;
    private IoScheduler? _scheduler;
    private int _isStarted;
    private int _asleep;
    private volatile bool _stopping;
    private bool _ended;

    /// <param name="id">The dispatcher's id; names the thread.</param>
    /// <param name="createScheduler">Makes driver and scheduler, on the loop's thread.</param>
    /// <param name="spin">How long an idle loop looks around before it sleeps.</param>
    /// <param name="onError">Told of an exception that a piece of work let out.</param>
    /// <param name="onTurn">Called in each turn, for what is to be done from time to time while there is work; told
    /// whether this turn had any, and tells for how many milliseconds the loop may sleep, -1 for no limit.</param>
    /// <param name="host">What turns the loop; null for a thread of its own.</param>
    /// <param name="baton">Where calls are marked in which the kernel may keep the thread; null for none.</param>
    /// <param name="onEnded">Called on the loop's thread as the last thing.</param>
    public EventLoop(
        string id,
        Func<IoScheduler> createScheduler,
        TimeSpan spin,
        Action<Exception> onError,
        Func<bool, int>? onTurn = null,
        ILoopHost? host = null,
        LoopBaton? baton = null,
        Action? onEnded = null)
        : base(id)
    {
        _baton = baton ?? new LoopBaton();
        _onEnded = onEnded ?? (() => { });
        _onTurn = onTurn ?? (_ => -1);
        _createScheduler = createScheduler;
        _onError = onError;
        _spinTicks = (long)(spin.TotalSeconds * Stopwatch.Frequency);
        _host = host ?? new LoopThread();
    }

    /// <summary>The loop whose thread this is, or null.</summary>
    public static EventLoop? Current => _current;

    /// <summary>The scheduler; valid on the loop's thread.</summary>
    public IoScheduler Scheduler => _scheduler!;

    public bool IsStarted => Volatile.Read(ref _isStarted) == 1;

    /// <summary>True while work is queued; valid on the loop's thread.</summary>
    public bool HasQueued => _local.Count > 0 || !_remote.IsEmpty;

    /// <summary>True while the kernel keeps the thread, and a substitute turns the loop. From any thread.</summary>
    public bool IsRelieved => _baton.IsTaken;

    /// <summary>Marks that the thread is in a call of the kernel, and which one: odd while it is. From any thread.</summary>
    public long Calls => _baton.Calls;

    /// <summary>True from <see cref="RequestStop"/> on.</summary>
    public bool IsStopping => _stopping;

    /// <summary>True when nothing that is queued from now on will be run.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>Starts the loop unless it runs. After a failure it may be tried again.</summary>
    /// <returns>Completes when the driver is there; fails with what its creation threw.</returns>
    public Task Start()
    {
        lock (_starting)
        {
            if (_isStarted == 0)
            {
                _started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref _isStarted, 1);
                TryStart();
            }

            return _started!.Task;
        }
    }

    public override void Execute(IRunnable run)
    {
        if (_current == this)
        {
            _local.Enqueue(new Work(run));
            return;
        }

        _remote.Enqueue(run);
        if (Volatile.Read(ref _isStarted) == 0)
        {
            _ = Start();
        }

        // Pairs with the fence in Sleep: either the loop sees the work, or this sees the loop asleep.
        Interlocked.MemoryBarrier();
        WakeIfAsleep();
    }

    /// <summary>Akka calls this some time after a dispatcher's last actor has left; see the remarks.</summary>
    public override void Shutdown()
    {
    }

    /// <summary>Has the loop end once nothing is queued and nothing in flight.</summary>
    public void RequestStop()
    {
        _stopping = true;
        Interlocked.MemoryBarrier();
        WakeIfAsleep();
    }

    /// <summary>Has a substitute turn the loop if the kernel keeps the thread in a call. From any thread.</summary>
    /// <returns>True when a substitute turns it.</returns>
    public bool TryRelieve()
    {
        if (!IsStarted || HasEnded)
        {
            return false;
        }

        if (!_baton.TryTake())
        {
            return IsRelieved;
        }

        new Thread(Substitute) { IsBackground = true, Name = $"{Id}-substitute" }.Start();
        return true;
    }

    /// <summary>Waits for the end after <see cref="RequestStop"/>.</summary>
    /// <returns>False when it did not come within the time; the loop is then left alone.</returns>
    public bool Join(TimeSpan timeout) => !IsStarted || _current == this || _host.Join(this, timeout);

    private void WakeIfAsleep()
    {
        if (Volatile.Read(ref _asleep) == 1 && Interlocked.Exchange(ref _asleep, 0) == 1)
        {
            _scheduler!.Wake();
        }
    }

    private void TryStart()
    {
        try
        {
            _host.Start(this);
        }
        catch (Exception e)
        {
            OnNotStarted(e);
        }
    }

    private void OnNotStarted(Exception e)
    {
        // What the runtime says of a thread that it could not start, whatever it lacked.
        var cause = e is OutOfMemoryException
            ? new DriverUnavailableException(
                "The system gave no thread: it is out of threads, descriptors or memory.",
                "Close files, or raise the limits of threads (ulimit -u; in a container pids.max), of open files "
                + "(ulimit -n) or of memory.")
            : e;
        lock (_starting)
        {
            Volatile.Write(ref _isStarted, 0);
            _started!.SetException(cause);
        }
    }

    /// <summary>The loop's whole life, on a thread that is its own from then on.</summary>
    public void Run()
    {
        _current = this;
        if (TryBegin())
        {
            while (TryTurn())
            {
            }
        }
    }

    /// <summary>In place of <see cref="Run"/>: begins, at the first call, or makes one turn, on a thread that the loop
    /// has only meanwhile.</summary>
    /// <returns>False when the loop has ended.</returns>
    public bool Step()
    {
        _current = this;
        try
        {
            return _scheduler is null ? TryBegin() : TryTurn();
        }
        finally
        {
            _current = null;
        }
    }

    /// <summary>Turns the loop until the thread is back.</summary>
    private void Substitute()
    {
        _current = this;
        _scheduler!.IsAway = true;

        // Pairs with the one in the baton's lock: either this sees that it is wanted, or the thread that wants it sees the
        // driver away, and wakes this one.
        Interlocked.MemoryBarrier();
        while (!_baton.IsWanted)
        {
            TryTurnOnce();
        }

        _scheduler.IsAway = false;
        _baton.Give();
    }

    private bool TryBegin()
    {
        try
        {
            _scheduler = _createScheduler();
        }
        catch (Exception e)
        {
            OnNotStarted(e);
            return false;
        }

        _started!.SetResult();
        return true;
    }

    private bool TryTurn()
    {
        if (_stopping && !HasWork())
        {
            Volatile.Write(ref _ended, true);
            _scheduler!.Dispose();
            _onEnded();
            return false;
        }

        TryTurnOnce();
        return true;
    }

    private void TryTurnOnce()
    {
        try
        {
            Turn();
        }
        catch (Exception e)
        {
            // Work reports its own failures; this is for what slips through, so that the shard lives on.
            _onError(e);
        }
    }

    private bool HasWork() => HasQueued || _scheduler!.HasWork;

    private void Turn()
    {
        var worked = RunLocal();
        worked |= RunRemote();
        worked |= _scheduler!.Pump();
        var sleepMax = _onTurn(worked);

        // Pumping may have made work without delivering anything: an operation that found room and was done inline.
        worked |= _local.Count > 0;
        if (!worked && !(_scheduler.InFlight == 0 && Spin()))
        {
            Sleep(sleepMax);
        }
    }

    private bool RunLocal()
    {
        var worked = _local.Count > 0;
        for (var i = Math.Max(_local.Count, LocalRunsMin); i > 0 && _local.TryDequeue(out var work); i--)
        {
            work.Run.Run();
        }

        return worked;
    }

    private bool RunRemote()
    {
        var count = 0;
        while (count < RemoteBatch && _remote.TryDequeue(out var run))
        {
            run.Run();
            count++;
        }

        return count > 0;
    }

    private bool Spin()
    {
        var end = Stopwatch.GetTimestamp() + _spinTicks;
        do
        {
            if (!_remote.IsEmpty || _scheduler!.Pump() || _local.Count > 0)
            {
                return true;
            }

            Thread.SpinWait(10);
        }
        while (Stopwatch.GetTimestamp() < end);
        return false;
    }

    private void Sleep(int timeout)
    {
        Volatile.Write(ref _asleep, 1);
        Interlocked.MemoryBarrier();
        if (_remote.IsEmpty && (!_stopping || _scheduler!.IsAway))
        {
            _scheduler!.Wait(timeout);
        }
        else if (_stopping && _remote.IsEmpty)
        {
            // Only operations in flight keep a stopping loop alive.
            _scheduler!.Wait(10);
        }

        Volatile.Write(ref _asleep, 0);
    }

    /// <summary>A struct, because storing an interface in an array makes the runtime look up whether the element's class
    /// has it.</summary>
    private readonly record struct Work(IRunnable Run);
}
