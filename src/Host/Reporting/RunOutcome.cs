namespace Actors.Host.Reporting;

/// <summary>How a run ended.</summary>
internal enum RunOutcome
{
    /// <summary>All phases done, no error, everything verified that was to be.</summary>
    Done,

    /// <summary>With errors, or files that are not what they must be.</summary>
    Failed,

    /// <summary>By Ctrl-C or SIGTERM; the runs are those until then.</summary>
    Interrupted,
}
