namespace Actors.Bench.Targets;

/// <summary>How a target stands.</summary>
internal enum TargetVerdict
{
    /// <summary>Not reached.</summary>
    Missed,

    /// <summary>Reached.</summary>
    Met,

    /// <summary>Reached, and what was hoped for beyond it.</summary>
    Stretch,
}
