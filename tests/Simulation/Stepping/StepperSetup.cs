using Akka.Actor.Setup;

namespace Actors.Simulation.Stepping;

/// <summary>Part of an actor system's setup by which its executors find who steps them.</summary>
internal sealed class StepperSetup(Stepper stepper) : Setup
{
    public Stepper Stepper => stepper;
}
