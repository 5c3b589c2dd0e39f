namespace Actors.Reliability.Soak;

/// <summary>A soak.</summary>
/// <param name="Duration">How long the load lasts, warm-up included.</param>
/// <param name="WarmUp">What samples are left out; null for no judgement of them at all.</param>
/// <param name="Seed">Decides loads and faults, but for what threads make of them.</param>
/// <param name="Files">Users, over all backends; each has one file at a time.</param>
/// <param name="Backends">An engine each, all at once.</param>
/// <param name="Directory">For the files.</param>
internal sealed record SoakOptions(
    TimeSpan Duration, TimeSpan? WarmUp, int Seed, int Files, IReadOnlyList<string> Backends, string Directory);
