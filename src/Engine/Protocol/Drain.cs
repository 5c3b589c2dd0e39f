namespace Actors.Engine;

/// <summary>
/// To the coordinator: no new opens; every open file finishes what it has been sent and closes; what is not finished
/// at the deadline is aborted. Answered by <see cref="Drained"/>. The engine does this by itself in the
/// <c>before-service-unbind</c> phase of CoordinatedShutdown. Drains that come while the engine drains have the same
/// report, and the earliest deadline counts; later ones fail with <see cref="FailureReason.Closing"/>.
/// </summary>
/// <param name="Deadline">How long from now.</param>
public sealed record Drain(TimeSpan Deadline) : EngineCommand;

/// <summary>One file in the report of a drain.</summary>
/// <param name="Path">The file.</param>
/// <param name="Acknowledged">Commands answered with success since it was opened.</param>
/// <param name="Unacknowledged">Commands answered with failure by the drain.</param>
/// <param name="Finished">True when it closed before the deadline with nothing lost.</param>
public sealed record DrainedFile(string Path, long Acknowledged, long Unacknowledged, bool Finished);

/// <summary>Answer to <see cref="Drain"/>.</summary>
/// <param name="Files">The files that were open, in order of opening.</param>
public sealed record Drained(IReadOnlyList<DrainedFile> Files) : EngineEvent;
