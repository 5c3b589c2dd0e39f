namespace Actors.Reliability.Soak.Faults;

/// <summary>What a <see cref="FaultDriver"/> does to an operation.</summary>
internal enum FaultKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A transfer stops before its end, as kernels may.</summary>
    Short,

    /// <summary>EINTR or EAGAIN, and nothing done.</summary>
    Transient,

    /// <summary>EIO or ENOSPC, and nothing done; for a close EIO, and it is closed.</summary>
    Error,

    /// <summary>Done, and told some milliseconds later.</summary>
    Late,

    /// <summary>Done, and told so late that the file's time limit is over.</summary>
    Hung,
}
