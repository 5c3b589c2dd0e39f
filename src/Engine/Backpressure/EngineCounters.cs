namespace Actors.Engine.Backpressure;

/// <summary>The few figures that any thread may count; all rare.</summary>
internal sealed class EngineCounters
{
    private long _refused;
    private long _restarts;
    private long _replacements;
    private long _errors;
    private int _poisoned;

    /// <summary>Commands refused for a full queue since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Backend actors that were restarted since the start.</summary>
    public long Restarts => Interlocked.Read(ref _restarts);

    /// <summary>Drivers that were replaced since the start.</summary>
    public long Replacements => Interlocked.Read(ref _replacements);

    /// <summary>Defects of the engine that it caught, and went on after, since the start.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Files that are open, and of no use since a sync of them failed.</summary>
    public int Poisoned => Volatile.Read(ref _poisoned);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountRestart() => Interlocked.Increment(ref _restarts);

    public void CountReplacement() => Interlocked.Increment(ref _replacements);

    public void CountError() => Interlocked.Increment(ref _errors);

    public void CountPoisoned() => Interlocked.Increment(ref _poisoned);

    public void CountPoisonedClosed() => Interlocked.Decrement(ref _poisoned);
}
