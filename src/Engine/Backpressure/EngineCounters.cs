namespace Actors.Engine.Backpressure;

/// <summary>The few figures that any thread may count; all rare.</summary>
internal sealed class EngineCounters
{
    private long _refused;

    /// <summary>Commands refused for a full queue since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public void CountRefused() => Interlocked.Increment(ref _refused);
}
