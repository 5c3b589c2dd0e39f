using System.Text.Json.Serialization;

namespace Actors.Bench.Contests;

/// <summary>What became of a contest.</summary>
/// <param name="Name">The contest.</param>
/// <param name="Summary">What was done.</param>
/// <param name="Metric">What was compared.</param>
/// <param name="Reference">Whose ratios are shown.</param>
/// <param name="Contestants">All of them, with every round.</param>
internal sealed record ContestResult(
    string Name,
    string Summary,
    [property: JsonIgnore] Metric Metric,
    string Reference,
    IReadOnlyList<ContestantResult> Contestants)
{
    /// <summary>What was compared.</summary>
    [JsonPropertyName("metric")]
    public string MetricName => Metric.Name;

    /// <summary>A contestant that ran to the end; null when it did not, or is not there.</summary>
    public ContestantResult? Ran(string name) =>
        Contestants.FirstOrDefault(c => c.Name == name && c.Status == ContestantStatus.Ran);

    /// <summary>The metric of a contestant that ran, over its rounds.</summary>
    public Spread SpreadOf(ContestantResult contestant) => Spread.Of(contestant.Rounds.Select(Metric.Of));

    /// <summary>The reference's metric by this contestant's, round by round; null when either did not run.</summary>
    public Spread? RatioTo(ContestantResult contestant) => Ran(Reference) is { } reference && Ran(contestant.Name) is not null
        ? Spread.Of(reference.Rounds.Zip(contestant.Rounds, (ours, theirs) => Metric.Of(ours) / Metric.Of(theirs)))
        : null;
}
