using System.Text.Json.Serialization;

namespace Actors.Bench.Contests;

/// <summary>What became of a contest.</summary>
/// <param name="Contest">What it was.</param>
/// <param name="Contestants">All of them, with every round.</param>
internal sealed record ContestResult(
    [property: JsonIgnore] Contest Contest, IReadOnlyList<ContestantResult> Contestants)
{
    /// <summary>Its name.</summary>
    public string Name => Contest.Name;

    /// <summary>What was done.</summary>
    public string Summary => Contest.Summary;

    /// <summary>What was compared.</summary>
    public string Metric => Contest.Metric.Name;

    /// <summary>Whose ratios are shown.</summary>
    public string Reference => Contest.Reference;

    /// <summary>A contestant that ran to the end; null when it did not, or is not there.</summary>
    public ContestantResult? Ran(string name) =>
        Contestants.FirstOrDefault(c => c.Name == name && c.Status == ContestantStatus.Ran);

    /// <summary>The metric of a contestant that ran, over its rounds.</summary>
    public Spread SpreadOf(ContestantResult contestant) => Spread.Of(contestant.Rounds.Select(Contest.Metric.Of));

    /// <summary>One contestant's metric by another's, round by round; null when either did not run.</summary>
    public Spread? Ratio(string name, string other) => Ran(name) is { } one && Ran(other) is { } two
        ? Spread.Of(one.Rounds.Zip(two.Rounds, (a, b) => Contest.Metric.Of(a) / Contest.Metric.Of(b)))
        : null;
}
