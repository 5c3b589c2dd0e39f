using System.Text.Json.Serialization;

namespace Actors.Host.Verification;

/// <summary>What a file turned out to be.</summary>
internal enum FileStatus
{
    /// <summary>Holds exactly what it must.</summary>
    [JsonStringEnumMemberName("complete")]
    Complete,

    /// <summary>All that it holds is right, and some is not there.</summary>
    [JsonStringEnumMemberName("partial")]
    Partial,

    /// <summary>Holds something that it must not.</summary>
    [JsonStringEnumMemberName("different")]
    Different,

    /// <summary>Is not there.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>Could not be read.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,
}
