namespace Actors.Engine;

/// <summary>An entry of a tree that was not copied.</summary>
/// <param name="Path">The entry, below the source as that was named.</param>
/// <param name="Reason">Why, from a closed set.</param>
/// <param name="Cause">One sentence: what was tried, what the system said.</param>
/// <param name="Errno">The operating system's error number, or 0.</param>
public sealed record TreeCopyIssue(string Path, FailureReason Reason, string Cause, int Errno = 0);
