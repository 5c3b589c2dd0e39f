namespace Actors.Engine.Scheduling;

/// <summary>What has happened on the way from a failed driver to the next.</summary>
internal enum DriverStep
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>What the failed driver still has is waited for no longer; it may yet be performed.</summary>
    Overdue,

    /// <summary>The failed driver is gone: what it has not completed will not be performed any more.</summary>
    Retired,

    /// <summary>The failed driver is gone, not known to have let go of what it had: there will be no other.</summary>
    Stranded,

    /// <summary>There is another driver.</summary>
    Replaced,

    /// <summary>Another driver could not be made.</summary>
    Unreplaced,
}
