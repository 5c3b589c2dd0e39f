namespace Actors.Host.Running;

/// <summary>How a scenario is run.</summary>
/// <param name="Force">Overwrite files that no run wrote.</param>
internal sealed record RunOptions(bool Force);
