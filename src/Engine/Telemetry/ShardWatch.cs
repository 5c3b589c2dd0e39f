using Actors.Engine.Backpressure;
using Actors.Engine.Scheduling;

namespace Actors.Engine.Telemetry;

/// <summary>Counts and logs what must not happen on a shard, and does.</summary>
internal sealed class ShardWatch(int shard, EngineCounters counters, EngineLog log) : IShardWatch
{
    public void OnError(Exception exception)
    {
        counters.CountError();
        log.EventLoopFailed(shard, exception);
    }

    public void OnDriverFailed(Exception exception) => log.DriverFailed(shard, exception);

    public void OnDriverReplaced()
    {
        counters.CountReplacement();
        log.DriverReplaced(shard);
    }

    public void OnRefusing(string cause, Exception exception) => log.ShardRefuses(shard, cause, exception);
}
