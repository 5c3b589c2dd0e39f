using System.Text.Json.Serialization;

namespace Actors.Bench.Contests;

/// <summary>Whether a contestant took part.</summary>
internal enum ContestantStatus
{
    /// <summary>Every round, with the right result.</summary>
    [JsonStringEnumMemberName("ran")]
    Ran,

    /// <summary>Not at all: this machine lacks something.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>It broke, or left wrong bytes.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>What became of one contestant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOurs">Whether it is this engine.</param>
/// <param name="Status">Whether it took part.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Rounds">Its runs, by round.</param>
internal sealed record ContestantResult(
    string Name,
    bool IsOurs,
    ContestantStatus Status,
    string? Reason,
    IReadOnlyList<Measurement> Rounds);
