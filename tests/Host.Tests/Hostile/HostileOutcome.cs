namespace Actors.Host.Tests.Hostile;

/// <summary>What became of an input.</summary>
/// <param name="Legal">Whether it asks for a run that may be made.</param>
/// <param name="Ran">Whether the command was run; a legal one that is large or leaves the sandbox is not.</param>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Fault">What the console did wrong, or null.</param>
internal sealed record HostileOutcome(bool Legal, bool Ran, int ExitCode, string? Fault);
