namespace Actors.Bench.Contests;

/// <summary>A contestant cannot take part on this machine. The message says why, and how to install what is missing.
/// </summary>
internal sealed class PeerMissingException(string message) : Exception(message);
