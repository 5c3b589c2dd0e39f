namespace Actors.Host.Running;

/// <summary>To a <see cref="PhaseActor"/>: answer <see cref="PhaseReady"/> when every producer exists.</summary>
internal sealed record PreparePhase;

/// <summary>Every producer exists; none has sent anything.</summary>
internal sealed record PhaseReady;

/// <summary>To a <see cref="PhaseActor"/>, which passes it on: open the files. Answered by
/// <see cref="PhaseOutcome"/>.</summary>
internal sealed record BeginPhase;

/// <summary>To a <see cref="PhaseActor"/>, which passes it on: the warm-up is over, count from here.</summary>
internal sealed record BeginMeasuring;

/// <summary>To a <see cref="PhaseActor"/>, which passes it on: the time is over, finish as if all were done.</summary>
internal sealed record EndPhase;

/// <summary>To a <see cref="PhaseActor"/>, which passes it on: send nothing new, close what is open. Answered by
/// <see cref="PhaseStopping"/>.</summary>
internal sealed record StopPhase;

/// <summary>Every producer has been told to stop, and sees that before what the engine says from now on.</summary>
internal sealed record PhaseStopping;

/// <summary>A shard's parent to the phase: its producers have been told to stop.</summary>
internal sealed record ShardStopping;

/// <summary>A shard's parent to the phase: the producers exist.</summary>
internal sealed record ShardReady;

/// <summary>A shard's parent to the phase: all its files are closed.</summary>
/// <param name="BegunAt">Stopwatch timestamp before its first open was sent, or of the end of the warm-up.</param>
/// <param name="Files">What became of each.</param>
internal sealed record ShardFinished(long BegunAt, IReadOnlyList<FileResult> Files);
