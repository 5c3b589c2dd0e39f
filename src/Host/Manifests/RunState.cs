using System.Text.Json.Serialization;

namespace Actors.Host.Manifests;

/// <summary>How far a run, or one of its phases, got.</summary>
internal enum RunState
{
    /// <summary>Not begun.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Begun; what is found in this state afterwards was killed.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Finished without an error.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>Finished with errors, or not what was expected.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Drained after Ctrl-C or SIGTERM.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,
}
