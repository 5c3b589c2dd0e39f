namespace Actors.Host.Scenarios;

/// <summary>What a phase does to every file.</summary>
internal enum PhaseOperation
{
    /// <summary>Creates the files, or overwrites what an earlier run left.</summary>
    Write,

    /// <summary>Reads what the last write phase wrote.</summary>
    Read,

    /// <summary>Reads and overwrites blocks of the files that the last write phase laid out.</summary>
    Mixed,
}
