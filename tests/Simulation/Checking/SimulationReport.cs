namespace Actors.Simulation.Checking;

/// <summary>What a run that kept every promise did.</summary>
/// <param name="Seed">What it was made from.</param>
/// <param name="Commands">Sent, and answered once each.</param>
/// <param name="Steps">Of the stepper.</param>
/// <param name="Crashes">Moments at which a crash of the machine was tried.</param>
/// <param name="Failures">Operations that the disk failed.</param>
/// <param name="Trace">Everything that was sent and answered, in order.</param>
internal sealed record SimulationReport(
    int Seed, long Commands, long Steps, int Crashes, int Failures, string Trace);
