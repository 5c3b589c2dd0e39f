namespace Actors.Adversary.Faults;

/// <summary>Holds system calls, as a disk does that stands still, until it is opened. Then it stays open.</summary>
internal sealed class Gate
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _threads = [];
    private readonly List<Action> _whenOpen = [];
    private int _poolThreads;
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _held;
    private long _since;

    /// <summary>Calls that are held, or were held and are not finished.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>How long something has been held without an end; zero for nothing.</summary>
    public TimeSpan HeldFor
    {
        get
        {
            var since = Volatile.Read(ref _since);
            return since == 0 || Held == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Environment.TickCount64 - since);
        }
    }

    /// <summary>Whether the disk stands still for all calls that come.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>No call is held any more, from now on.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether a thread is in a call that is held.</summary>
    public bool Holds(int thread)
    {
        lock (_lock)
        {
            return _threads.Contains(thread);
        }
    }

    /// <summary>Whether a thread of the pool is held: a caller's, or one that performs a command on a path.</summary>
    public bool HoldsPoolThread => Volatile.Read(ref _poolThreads) > 0;

    /// <summary>Does not return until the gate is opened; the call after it is part of it.</summary>
    public void Hold(Action call)
    {
        Task opened;
        var isOfPool = Thread.CurrentThread.IsThreadPoolThread ? 1 : 0;
        lock (_lock)
        {
            _poolThreads += isOfPool;
            opened = IsGone ? Task.CompletedTask : _opened.Task;
            _threads.Add(Environment.CurrentManagedThreadId);
            Enter();
        }

        opened.Wait();
        try
        {
            call();
        }
        finally
        {
            lock (_lock)
            {
                _poolThreads -= isOfPool;
                _threads.Remove(Environment.CurrentManagedThreadId);
            }

            Leave();
        }
    }

    /// <summary>The same for a call that needs no thread while it is held: <paramref name="call"/> is made on one of the
    /// pool's.</summary>
    public void Hold(Action call, Action told)
    {
        void Run() => ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                call();
                Leave();
                told();
            },
            null);
        lock (_lock)
        {
            Enter();
            if (!IsGone)
            {
                _whenOpen.Add(Run);
                return;
            }
        }

        Run();
    }

    /// <summary>Lets go what is held.</summary>
    public void Open(bool forGood = false)
    {
        TaskCompletionSource opened;
        Action[] runs;
        lock (_lock)
        {
            IsGone |= forGood;
            IsFrozen &= !forGood;
            opened = _opened;
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            runs = [.. _whenOpen];
            _whenOpen.Clear();
            Volatile.Write(ref _since, Environment.TickCount64);
        }

        opened.SetResult();
        foreach (var run in runs)
        {
            run();
        }
    }

    private void Enter()
    {
        if (Interlocked.Increment(ref _held) == 1)
        {
            Volatile.Write(ref _since, Environment.TickCount64);
        }
    }

    private void Leave() => Interlocked.Decrement(ref _held);
}
