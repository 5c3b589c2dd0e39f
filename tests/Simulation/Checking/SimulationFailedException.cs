namespace Actors.Simulation.Checking;

/// <summary>The engine broke a promise. The message says which, when, and how to see it again.</summary>
internal sealed class SimulationFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Everything that was sent and answered until then.</summary>
    public string Trace { get; init; } = "";
}
