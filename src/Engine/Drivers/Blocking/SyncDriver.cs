namespace Actors.Engine.Drivers.Blocking;

/// <summary>
/// Performs every operation on the shard's own thread before <see cref="TrySubmit"/> returns. Nothing is ever in
/// flight, so nothing is reaped; waiting is for wake-ups only. The backends <c>sync</c> and <c>sync-thread</c>.
/// </summary>
internal sealed class SyncDriver : IDriver
{
    private readonly IBlockingCalls _calls;
    private readonly WakeSignal _wake = new();

    /// <param name="name">The backend's name.</param>
    /// <param name="calls">How to perform an operation; null for the way of this system.</param>
    public SyncDriver(string name, IBlockingCalls? calls = null)
    {
        Name = name;
        _calls = calls ?? BlockingCalls.Platform;
    }

    public string Name { get; }

    public string Details => "system calls on the shard's thread";

    /// <summary>No bound: an operation is over before the next can be submitted.</summary>
    public int Depth => int.MaxValue;

    public int InFlight => 0;

    public bool TryPerform(IoOperation operation)
    {
        _calls.Perform(operation);
        return true;
    }

    public SubmitResult TrySubmit(IoOperation operation)
    {
        TryPerform(operation);
        return SubmitResult.Completed;
    }

    public void Flush()
    {
    }

    public int Reap(ICompletionSink sink) => 0;

    public void Wait(int timeout)
    {
        if (_wake.TryLieDown())
        {
            _wake.Sleep(timeout);
        }
    }

    public void Wake() => _wake.Wake();

    public bool TryCancel(IoOperation operation) => false;

    public void Dispose() => _wake.Dispose();
}
