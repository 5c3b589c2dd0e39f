namespace Actors.Adversary.Report;

/// <summary>A seed that something was wrong with.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Plan">What its program is, in a line.</param>
/// <param name="What">What was wrong.</param>
internal sealed record SeedFailure(int Seed, string Plan, string What);
