namespace Actors.Host.Scenarios;

/// <summary>What one operation of a phase handles.</summary>
internal enum PhaseUnit
{
    /// <summary>Lines in order: each an append of its own; read by demand, many to a batch.</summary>
    Line,

    /// <summary>Blocks of one size at their positions, several in flight.</summary>
    Block,
}
