namespace Actors.Bench.Contests;

/// <summary>One piece of work and those who do it, in turn, round by round.</summary>
/// <param name="Name">Unique among all contests; also a directory's name.</param>
/// <param name="Summary">What is done, in a sentence.</param>
/// <param name="Metric">What is compared.</param>
/// <param name="Reference">The contestant, one of ours, that the ratios are against.</param>
/// <param name="Contestants">In the order of the report.</param>
internal sealed record Contest(
    string Name, string Summary, Metric Metric, string Reference, IReadOnlyList<Contestant> Contestants);
