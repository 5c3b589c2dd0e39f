namespace Actors.Host.Manifests;

/// <summary>How far a run, or one of its phases, got.</summary>
internal enum RunState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Begun; what is found in this state afterwards was killed.</summary>
    Running,

    /// <summary>Finished without an error.</summary>
    Done,

    /// <summary>Finished with errors, or not what was expected.</summary>
    Failed,

    /// <summary>Drained after Ctrl-C or SIGTERM.</summary>
    Interrupted,
}
