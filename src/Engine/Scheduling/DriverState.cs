namespace Actors.Engine.Scheduling;

/// <summary>What a shard's driver is good for.</summary>
internal enum DriverState
{
    /// <summary>It does its work.</summary>
    Working,

    /// <summary>It has failed, and finishes what it has; what comes meanwhile waits for the next one.</summary>
    Draining,

    /// <summary>It has failed, and there is no other: what comes is refused.</summary>
    Refusing,
}
