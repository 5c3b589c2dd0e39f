namespace Actors.Simulation.Disk;

/// <summary>What goes wrong on a simulated disk, and how often: probabilities from 0 to 1, of each operation.</summary>
internal sealed record DiskFaults
{
    /// <summary>A transfer moves only a part of its bytes.</summary>
    public double Short { get; init; }

    /// <summary>EINTR or EAGAIN in place of the operation.</summary>
    public double Transient { get; init; }

    /// <summary>EIO, or for what takes space ENOSPC or EDQUOT, in place of the operation.</summary>
    public double Error { get; init; }

    /// <summary>A sync fails with EIO, and the kernel forgets that the pages were dirty.</summary>
    public double Sync { get; init; }

    /// <summary>Performed before the submission returns.</summary>
    public double Inline { get; init; }

    /// <summary>The driver has no room for now.</summary>
    public double Busy { get; init; }

    /// <summary>An operation never comes back by itself; only a cancel ends it.</summary>
    public double Stuck { get; init; }

    /// <summary>A cancel ends the operation unperformed.</summary>
    public double CancelWorks { get; init; }

    /// <summary>The longest that an operation takes, and its completion after it.</summary>
    public TimeSpan LatencyMax { get; init; }
}
