namespace Actors.Reliability.Crash;

/// <summary>One kill.</summary>
/// <param name="Name">For whoever wants to have it again: number, seed and backend.</param>
/// <param name="Backend">What the victim writes with.</param>
/// <param name="Seed">Of what it writes.</param>
/// <param name="Moment">How long it may write after its first acknowledgement.</param>
/// <param name="Directory">Where; empty at first.</param>
internal sealed record Kill(string Name, string Backend, int Seed, TimeSpan Moment, string Directory);
