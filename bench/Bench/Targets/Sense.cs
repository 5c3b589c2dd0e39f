namespace Actors.Bench.Targets;

/// <summary>On which side of its limit a target is met.</summary>
internal enum Sense
{
    /// <summary>The measured value must not exceed it.</summary>
    AtMost,

    /// <summary>It must reach it.</summary>
    AtLeast,
}
