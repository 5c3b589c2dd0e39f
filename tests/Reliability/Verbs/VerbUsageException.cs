namespace Actors.Reliability.Verbs;

/// <summary>The command line asks for something that is not there.</summary>
internal sealed class VerbUsageException(string message) : Exception(message);
