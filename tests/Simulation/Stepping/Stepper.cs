using Actors.Engine.Shards;
using Actors.Simulation.Disk;
using Akka.TestKit;

namespace Actors.Simulation.Stepping;

/// <summary>
/// Runs a whole actor system on one thread, one step at a time: of all executors and event loops that have something to
/// do, one is drawn. Time passes when none has. The same seed gives the same run.
/// </summary>
internal sealed class Stepper(Random random, VirtualClock clock) : ILoopHost
{
    /// <summary>Akka's scheduler does not say when its next task is due; it is told of time in steps of this.</summary>
    private static readonly TimeSpan SchedulerStep = TimeSpan.FromMilliseconds(10);

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<SteppedExecutor> _executors = [];
    private readonly List<EventLoop> _loops = [];
    private readonly List<Action> _ready = [];

    /// <summary>Set as soon as the actor system is there.</summary>
    public TestScheduler? Scheduler { get; set; }

    public long Steps { get; private set; }

    public IReadOnlyList<EventLoop> Loops => _loops;

    public SteppedExecutor CreateExecutor(string id)
    {
        var executor = new SteppedExecutor(id);
        _executors.Add(executor);
        return executor;
    }

    public void Start(EventLoop loop)
    {
        _loops.Add(loop);
        loop.Step();
    }

    /// <summary>At the end of the system, on whichever thread that comes to.</summary>
    public bool Join(EventLoop loop, TimeSpan timeout)
    {
        while (Environment.CurrentManagedThreadId == _thread && !loop.HasEnded)
        {
            StepOrAdvance();
        }

        return SpinWait.SpinUntil(() => loop.HasEnded, timeout);
    }

    /// <summary>One step of something drawn by lot.</summary>
    /// <returns>False when nothing has anything to do at this time.</returns>
    public bool TryStep()
    {
        _ready.Clear();
        foreach (var executor in _executors)
        {
            if (executor.HasQueued)
            {
                _ready.Add(executor.Step);
            }
        }

        foreach (var loop in _loops)
        {
            if (!loop.HasEnded && IsReady(loop))
            {
                _ready.Add(() => loop.Step());
            }
        }

        if (_ready.Count == 0)
        {
            return false;
        }

        Steps++;
        _ready[random.Next(_ready.Count)]();
        return true;
    }

    /// <summary>One step, or, with nothing to do, the passing of time to the next event.</summary>
    public void StepOrAdvance()
    {
        if (!TryStep())
        {
            Advance();
        }
    }

    /// <summary>Lets time pass to the next event, however far the actors are.</summary>
    public void Advance()
    {
        var next = Drivers.Select(driver => driver.NextEvent)
            .Append(clock.NextTimer)
            .Append(clock.Now + SchedulerStep)
            .Min();
        var passed = next - clock.Now;
        if (passed > TimeSpan.Zero)
        {
            Scheduler!.Advance(passed);
            clock.AdvanceTo(next);
        }

        foreach (var driver in Drivers)
        {
            driver.Settle();
        }
    }

    public IEnumerable<SimulatedDriver> Drivers =>
        _loops.Where(loop => !loop.HasEnded).Select(loop => (SimulatedDriver)loop.Scheduler.Driver);

    private bool IsReady(EventLoop loop)
    {
        var driver = (SimulatedDriver)loop.Scheduler.Driver;
        return loop.HasQueued || !driver.IsAsleep || driver.NextEvent <= clock.Now
            || (loop.IsStopping && driver.InFlight == 0);
    }
}
