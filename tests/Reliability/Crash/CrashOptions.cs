namespace Actors.Reliability.Crash;

/// <summary>A run of kills.</summary>
/// <param name="Kills">How many.</param>
/// <param name="Seed">Decides content and moments.</param>
/// <param name="Backends">In turn.</param>
/// <param name="Within">The longest that a victim may write after its first acknowledgement.</param>
/// <param name="CutsPower">Cut the power of the victim's file system, too; no consoles then.</param>
/// <param name="Directory">For the files; what is below it is deleted.</param>
internal sealed record CrashOptions(
    int Kills, int Seed, IReadOnlyList<string> Backends, TimeSpan Within, bool CutsPower, string Directory);
