namespace Actors.Engine.Scheduling;

/// <summary>
/// The right to turn an event loop, held by one thread at a time. The holder marks the calls in which the kernel may keep
/// it; a holder that is in one can be relieved by a substitute, and waits for the baton before it goes on. So a shard
/// whose thread a disk has swallowed still ends what it owes.
/// </summary>
/// <remarks>
/// The marks cost the holder a plain store each. What is missing is a fence between the store and the look at the claim;
/// the claimant pays for it, with a fence for the whole process (membarrier(2)): either the holder sees the claim, or
/// the claimant sees that the call is over.
/// </remarks>
internal sealed class LoopBaton
{
    // A monitor, for the returning holder waits in it.
    private readonly object _gate = new();
    private long _calls;
    private volatile bool _claimed;
    private bool _isTaken;
    private volatile bool _isWanted;

    /// <summary>The number of marks so far; odd while the holder is in a call. From any thread.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>True while a substitute has it. From any thread.</summary>
    public bool IsTaken => _claimed && Volatile.Read(ref _isTaken);

    /// <summary>True when the holder is back: the substitute gives the baton up between two turns.</summary>
    public bool IsWanted => _isWanted;

    /// <summary>Holder: a call begins that the kernel may keep.</summary>
    public void EnterCall() => Volatile.Write(ref _calls, _calls + 1);

    /// <summary>Holder: the call is over.</summary>
    /// <param name="wake">Ends the substitute's sleep, should there be one.</param>
    public void LeaveCall(Action wake)
    {
        Volatile.Write(ref _calls, _calls + 1);
        if (_claimed)
        {
            TakeBack(wake);
        }
    }

    /// <summary>Takes the baton from a holder that is in a call. From any thread.</summary>
    /// <returns>False when it is in none, or a substitute has the baton already.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_isTaken)
            {
                return false;
            }

            _claimed = true;
            Interlocked.MemoryBarrierProcessWide();
            _isTaken = (Calls & 1) == 1;
            _claimed = _isTaken;
            return _isTaken;
        }
    }

    /// <summary>Substitute: hands it back to the holder that wants it.</summary>
    public void Give()
    {
        lock (_gate)
        {
            _isTaken = _isWanted = _claimed = false;
            Monitor.PulseAll(_gate);
        }
    }

    private void TakeBack(Action wake)
    {
        lock (_gate)
        {
            // Nobody has it if the claim came too late.
            _isWanted = _isTaken;
        }

        if (!_isWanted)
        {
            return;
        }

        wake();
        lock (_gate)
        {
            while (_isTaken)
            {
                Monitor.Wait(_gate);
            }
        }
    }
}
