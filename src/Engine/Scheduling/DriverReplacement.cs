using Actors.Engine.Drivers;

namespace Actors.Engine.Scheduling;

/// <summary>
/// A shard's driver through its failures. Drivers do not throw; one that does, out of whichever member, is dead: it is
/// given nothing more, finishes what it has, is disposed of, and then another is made. On the shard's thread, but for
/// <see cref="State"/> and <see cref="Fault"/>.
/// </summary>
/// <remarks>
/// <para>
/// Working to draining: it threw. Draining ends when the driver has nothing left, or throws once more; it is then
/// disposed of, which waits for what is in the kernel. Draining to working: another was made. Draining to refusing:
/// what it has does not come back within <see cref="Patience"/>, it cannot be disposed of, or another cannot be made.
/// Refusing to working: all has come back after all, or another could be made at a later attempt.
/// </para>
/// <para>
/// There are never two drivers, for nothing that the old one may still perform must land after what the new one has
/// performed.
/// </para>
/// </remarks>
internal sealed class DriverReplacement(IDriver driver, Func<IDriver> create, IShardWatch watch, TimeProvider clock)
{
    /// <summary>How long a dead driver's operations are waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Between two attempts to make a driver: one that fails at once must not be made over and over.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private volatile DriverState _state;
    private volatile DriverFault? _fault;
    private string _failure = "";
    private bool _hasOld;
    private bool _mustEnd;
    private bool _isStranded;
    private long? _triedAt;
    private long _failedAt;

    public IDriver Driver { get; private set; } = driver;

    /// <summary>From any thread.</summary>
    public DriverState State => _state;

    /// <summary>Why the state is not working; what it was last, when it is.</summary>
    public DriverFault? Fault => _fault;

    /// <summary>True while the next step depends on time passing, and not only on somebody who asks.</summary>
    public bool NeedsTurns => _hasOld || _state == DriverState.Draining;

    /// <summary>The driver threw.</summary>
    public void Fail(Exception exception)
    {
        if (_state != DriverState.Working)
        {
            _mustEnd = true;
            return;
        }

        _failure = $"the {Driver.Name} driver of the shard failed ({exception.GetType().Name}: {exception.Message})";
        _fault = new DriverFault(_failure, exception);
        _state = DriverState.Draining;
        _hasOld = true;
        _mustEnd = false;
        _failedAt = clock.GetTimestamp();
        watch.OnDriverFailed(exception);
    }

    /// <summary>Takes the next step, if it is time for one.</summary>
    /// <param name="sink">Takes what the dead driver completes.</param>
    public DriverStep Advance(ICompletionSink sink)
    {
        if (_hasOld)
        {
            return HasFinished(sink) ? Retire() : GiveUpWhenOverdue();
        }

        return _state == DriverState.Working || _isStranded || IsTooSoon() ? DriverStep.None : Replace();
    }

    /// <summary>Disposes of the driver that there is.</summary>
    public void Dispose()
    {
        try
        {
            Driver.Dispose();
        }
        catch (Exception e)
        {
            watch.OnError(e);
        }
    }

    /// <summary>True when it has nothing left, or there is no use in asking it again.</summary>
    private bool HasFinished(ICompletionSink sink)
    {
        try
        {
            if (!_mustEnd)
            {
                Driver.Flush();
                Driver.Reap(sink);
                _mustEnd = Driver.InFlight == 0;
            }

            return _mustEnd;
        }
        catch (Exception e)
        {
            watch.OnError(e);
            return true;
        }
    }

    private DriverStep Retire()
    {
        _hasOld = false;
        try
        {
            Driver.Dispose();
            if (Driver.InFlight == 0)
            {
                return DriverStep.Retired;
            }
        }
        catch (Exception e)
        {
            watch.OnError(e);
        }

        _isStranded = true;
        Refuse("and is not known to have let go of what it had", _fault!.Exception);
        return DriverStep.Stranded;
    }

    private DriverStep GiveUpWhenOverdue()
    {
        if (_state == DriverState.Refusing || clock.GetElapsedTime(_failedAt) < Patience)
        {
            return DriverStep.None;
        }

        Refuse("and what it has does not come back", _fault!.Exception);
        return DriverStep.Overdue;
    }

    private bool IsTooSoon() => _triedAt is { } at && clock.GetElapsedTime(at) < Interval;

    private DriverStep Replace()
    {
        _triedAt = clock.GetTimestamp();
        try
        {
            Driver = create();
        }
        catch (Exception e)
        {
            Refuse($"and another could not be made ({e.Message})", e);
            return DriverStep.Unreplaced;
        }

        _state = DriverState.Working;
        watch.OnDriverReplaced();
        return DriverStep.Replaced;
    }

    private void Refuse(string why, Exception exception)
    {
        var first = _state != DriverState.Refusing;
        _fault = new DriverFault($"{_failure}, {why}", exception);
        _state = DriverState.Refusing;
        if (first)
        {
            watch.OnRefusing(_fault.Cause, exception);
        }
    }
}
