namespace Actors.Bench.Contests;

/// <summary>A contestant cannot take part on this machine. The message says why, and how to install what is missing.
/// </summary>
internal sealed class PeerMissingException(string message) : Exception(message)
{
    /// <summary>The exit code by which a contestant's process says the same; its last line of errors is the reason.
    /// Automake's, too.</summary>
    public const int ExitCode = 77;
}
