namespace Actors.Bench.Contests;

/// <summary>One piece of work and those who do it, in turn, round by round.</summary>
/// <param name="Name">Unique among all contests; also a directory's name.</param>
/// <param name="Summary">What is done, in a sentence.</param>
/// <param name="Metric">What is compared.</param>
/// <param name="Reference">The contestant, one of ours, that the ratios are against.</param>
/// <param name="Contestants">All of them, in the order of the first round.</param>
internal sealed record Contest(
    string Name, string Summary, Metric Metric, string Reference, IReadOnlyList<Contestant> Contestants)
{
    /// <summary>What else is worth showing, beside processor time and memory.</summary>
    public IReadOnlyList<Metric> Columns { get; init; } = [];
}
