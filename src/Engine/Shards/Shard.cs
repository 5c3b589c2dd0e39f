using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Actors.Engine.Memory;
using Actors.Engine.Metrics;
using Actors.Engine.Scheduling;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace Actors.Engine.Shards;

/// <summary>
/// One thread and what lives on it: event loop, driver behind its scheduler, buffers, figures. Its actors are the shard
/// actor, the backend actor and the file actors assigned to it.
/// </summary>
internal sealed class Shard
{
    /// <summary>Turns that held answers wait for more to join them while the shard is busy.</summary>
    private const int HeldTurnsMax = 64;

    /// <summary>A call that has lasted so long keeps others waiting: the limit of a shard that has time limits to
    /// keep.</summary>
    private static readonly TimeSpan LongCall = TimeSpan.FromMilliseconds(100);

    private readonly Queue<IActorRef> _bufferWaiters = new();
    private readonly List<IActorRef> _holding = [];
    private int _heldTurns;
    private bool _wasIdle;
    private readonly long _heapInterval;
    private long _sampleHeapAt;
    private long _callSeen;
    private long _callSeenAt;

    public Shard(
        int index,
        EngineSettings settings,
        Func<IDriver> createDriver,
        long bufferBytes,
        IShardWatch watch,
        LoopSetup? setup = null)
    {
        Index = index;
        Watch = watch;
        _heapInterval = (long)settings.Metrics.HeapInterval.TotalMilliseconds;
        DispatcherId = $"actors-engine-shard-{index}";
        Metrics = new ShardMetrics(settings.Metrics.SampleEvery, setup?.Clock);
        Buffers = new SlabPool(bufferBytes, Quarantine.IsOn);
        var baton = new LoopBaton();
        Loop = new EventLoop(
            DispatcherId,
            () => new IoScheduler(createDriver, settings.Backend.InFlight, Metrics, watch, baton),
            settings.EventLoop.Spin,
            watch.OnError,
            OnTurn,
            setup?.Host,
            baton,
            Buffers.Dispose);
        var grant = new GrantBuffers(this);
        Buffers.SlabReturned = () => Loop.Execute(grant);
    }

    public int Index { get; }

    /// <summary>Receives reports of what must not happen on the shard.</summary>
    public IShardWatch Watch { get; }

    public string DispatcherId { get; }

    public EventLoop Loop { get; }

    public SlabPool Buffers { get; }

    public ShardMetrics Metrics { get; }

    /// <summary>On the loop's thread.</summary>
    public IoScheduler Scheduler => Loop.Scheduler;

    /// <summary>Why the shard refuses what it is given; null when it does not. From any thread.</summary>
    public string? Refusal => Loop.IsStarted ? Loop.Scheduler?.Refusal?.Cause : null;

    /// <summary>Tells an actor <see cref="BufferAvailable"/> when a buffer has come back. On the loop's
    /// thread.</summary>
    public void WaitForBuffer(IActorRef file)
    {
        _bufferWaiters.Enqueue(file);
        Buffers.HasWaiters = true;
    }

    /// <summary>The file actor that handles a message now, or in whose midst the kernel keeps the shard's thread. On the
    /// thread that turns the loop.</summary>
    public IRelievable? Running { get; set; }

    /// <summary>Ends what is owed while the kernel keeps the shard's thread in a call, if it does: the actor in whose midst
    /// that is answers all its commands, and the shard's other actors go on, without I/O. From any thread.</summary>
    /// <returns>True when the kernel keeps the thread.</returns>
    public bool EndWhatIsStuck()
    {
        if (!Loop.TryRelieve())
        {
            return false;
        }

        Loop.Execute(new ActionRunnable(() => Running?.OnRelieved()));
        return true;
    }

    /// <summary>Has a substitute turn the loop if the kernel has kept the thread for long, so that time limits are kept, also
    /// that of the actor in whose midst it is. Called from time to time, from any thread.</summary>
    public void RelieveIfStuck()
    {
        var call = Loop.Calls;
        if ((call & 1) == 0 || call != Interlocked.Read(ref _callSeen))
        {
            Interlocked.Exchange(ref _callSeen, call);
            Interlocked.Exchange(ref _callSeenAt, Environment.TickCount64);
        }
        else if (TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _callSeenAt)) is var kept
            && kept >= LongCall && Loop.TryRelieve())
        {
            Loop.Execute(new ActionRunnable(() => TellKept(call, kept)));
        }
    }

    /// <summary>How long the kernel has kept the thread that a substitute turns the loop for; zero when it has not. On the
    /// thread that turns the loop.</summary>
    public TimeSpan KeptFor => Loop.IsRelieved && Loop.Calls == Interlocked.Read(ref _callSeen)
        ? TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _callSeenAt))
        : TimeSpan.Zero;

    /// <summary>On the thread that turns the loop; what was kept may be back by now, and another call be kept.</summary>
    private void TellKept(long call, TimeSpan time)
    {
        if (Loop.Calls == call)
        {
            Running?.OnKept(time);
        }
    }

    /// <summary>Waits for the thread to end, after a request to stop.</summary>
    public void Stop(TimeSpan timeout)
    {
        if (Loop.IsStarted)
        {
            Loop.Join(timeout);
        }
        else
        {
            Buffers.Dispose();
        }
    }

    /// <summary>Tells an actor <see cref="AnswersDue"/> once the shard has had nothing to do for a millisecond, or after
    /// some turns: until then more may come that can be answered together. On the loop's thread.</summary>
    public void AnswerSoon(IActorRef file) => _holding.Add(file);

    private int OnTurn(bool worked)
    {
        SampleHeap();
        if (_holding.Count == 0)
        {
            return -1;
        }

        // Idle in a row: the sleep between them has brought nothing.
        var isIdle = !worked && _wasIdle;
        _wasIdle = !worked;
        if (isIdle || ++_heldTurns >= HeldTurnsMax)
        {
            _heldTurns = 0;
            _wasIdle = false;
            foreach (var file in _holding)
            {
                file.Tell(AnswersDue.Instance, ActorRefs.NoSender);
            }

            _holding.Clear();
        }

        return 1;
    }

    /// <summary>By the shards and not by a timer: a timer that wakes a thread of the pool fifty times a second costs an
    /// idle process 4% of a core, most of it in the pool's spinning.</summary>
    private void SampleHeap()
    {
        var now = Environment.TickCount64;
        if (now >= _sampleHeapAt)
        {
            _sampleHeapAt = now + _heapInterval;
            Metrics.SampleHeap();
        }
    }

    private sealed class GrantBuffers(Shard shard) : IRunnable
    {
        public void Run()
        {
            // All who wait look again, in order; who gets nothing comes back to the end of the queue. A buffer that
            // returns for one size may make room for several of another.
            shard.Buffers.HasWaiters = false;
            for (var n = shard._bufferWaiters.Count; n > 0; n--)
            {
                shard._bufferWaiters.Dequeue().Tell(BufferAvailable.Instance, ActorRefs.NoSender);
            }
        }

        public void Execute() => Run();
    }
}

/// <summary>To a writer: the answers that it holds have waited long enough.</summary>
internal sealed class AnswersDue : IDeadLetterSuppression
{
    public static readonly AnswersDue Instance = new();
}

/// <summary>To a file actor that waits for a buffer: look again.</summary>
internal sealed class BufferAvailable : IDeadLetterSuppression
{
    public static readonly BufferAvailable Instance = new();
}
