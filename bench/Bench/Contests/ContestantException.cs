namespace Actors.Bench.Contests;

/// <summary>A contestant did not do its work. The message is for the report.</summary>
internal sealed class ContestantException(string message) : Exception(message);
