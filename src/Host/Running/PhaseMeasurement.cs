using Actors.Engine;
using Actors.Host.Machine;

namespace Actors.Host.Running;

/// <summary>A phase as it went.</summary>
/// <param name="Outcome">What the producers saw.</param>
/// <param name="Metrics">What the engine measured.</param>
/// <param name="Cpu">Processor time of the process.</param>
/// <param name="PeakResidentBytes">Most bytes of the process that were resident.</param>
internal sealed record PhaseMeasurement(
    PhaseOutcome Outcome, EngineMetrics Metrics, CpuTime Cpu, long PeakResidentBytes);
