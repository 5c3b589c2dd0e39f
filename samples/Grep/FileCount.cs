namespace Actors.Samples.Grep;

/// <summary>What was found in a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Matches">Lines with the text.</param>
/// <param name="Lines">All lines.</param>
/// <param name="Bytes">Bytes read.</param>
/// <param name="Error">Why it could not be searched to its end, or null.</param>
internal sealed record FileCount(string Path, long Matches, long Lines, long Bytes, string? Error = null);
