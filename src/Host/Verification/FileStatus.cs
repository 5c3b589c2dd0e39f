namespace Actors.Host.Verification;

/// <summary>What a file turned out to be.</summary>
internal enum FileStatus
{
    /// <summary>Holds exactly what it must.</summary>
    Complete,

    /// <summary>All that it holds is right, and some is not there.</summary>
    Partial,

    /// <summary>Holds something that it must not.</summary>
    Different,

    /// <summary>Is not there.</summary>
    Missing,

    /// <summary>Could not be read.</summary>
    Unreadable,
}
