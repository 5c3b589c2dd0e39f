namespace Actors.Simulation.Stepping;

/// <summary>Time that passes only when it is told to, with the timers that wait for it.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly List<VirtualTimer> _timers = [];

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer fires; the largest time when there is none.</summary>
    public TimeSpan NextTimer => _timers.Count == 0 ? TimeSpan.MaxValue : _timers.Min(timer => timer.At);

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass and timers fire, the earliest first.</summary>
    public void AdvanceTo(TimeSpan time)
    {
        Now = time;
        while (_timers.Where(timer => timer.At <= time).MinBy(timer => timer.At) is { } due)
        {
            due.Fire();
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan At { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timers.Remove(this);
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                At = clock.Now + dueTime;
                clock._timers.Add(this);
            }

            return true;
        }

        public void Fire()
        {
            Change(_period, _period);
            callback();
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
