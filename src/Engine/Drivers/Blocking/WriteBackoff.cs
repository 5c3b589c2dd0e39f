namespace Actors.Engine.Drivers.Blocking;

/// <summary>
/// Keeps inline writes off a disk that is behind: after writes that took long, because the kernel made them wait, none is
/// done inline for a while. Thread-safe.
/// </summary>
/// <param name="slowMax">Slow writes in a row that are put up with. A thread that shares its core with others is off it
/// for longer than a slow write takes, so that one alone says nothing about the disk.</param>
/// <param name="clock">Null for the system's.</param>
internal sealed class WriteBackoff(int slowMax, TimeProvider? clock = null)
{
    /// <summary>Near a hundred times what 64 KiB take when nothing is in their way.</summary>
    public static readonly TimeSpan SlowWrite = TimeSpan.FromMilliseconds(1);

    /// <summary>So many times as long as a slow write took, the next ones go another way; the first one afterwards finds
    /// out whether the disk is still busy.</summary>
    public const int SlowFactor = 10;

    /// <summary>The longest that writes go another way for one slow one.</summary>
    public static readonly TimeSpan SlowPeriodMax = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _slowTicks = TicksOf(clock, SlowWrite);
    private readonly long _periodTicks = TicksOf(clock, SlowPeriodMax);
    private long _writesAgainAt;
    private int _slow;

    /// <summary>Whether to write inline now.</summary>
    /// <param name="startedAt">For <see cref="Wrote"/>.</param>
    public bool TryStart(out long startedAt)
    {
        startedAt = _clock.GetTimestamp();
        return startedAt >= Volatile.Read(ref _writesAgainAt);
    }

    /// <summary>The write has ended.</summary>
    public void Wrote(long startedAt)
    {
        var end = _clock.GetTimestamp();
        var took = end - startedAt;
        if (took > _slowTicks)
        {
            if (Interlocked.Increment(ref _slow) > slowMax)
            {
                Volatile.Write(ref _writesAgainAt, end + Math.Min(SlowFactor * took, _periodTicks));
            }
        }
        else if (Volatile.Read(ref _slow) != 0)
        {
            Volatile.Write(ref _slow, 0);
        }
    }

    private static long TicksOf(TimeProvider? clock, TimeSpan time) =>
        (long)(time.TotalSeconds * (clock ?? TimeProvider.System).TimestampFrequency);
}
