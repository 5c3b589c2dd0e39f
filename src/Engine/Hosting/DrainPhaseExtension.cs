using Akka.Actor;

namespace Actors.Engine;

/// <summary>Has Akka call <see cref="DrainPhase"/> while a system starts: Akka.Hosting asks for CoordinatedShutdown before
/// it starts any actor.</summary>
internal sealed class DrainPhaseExtension : ExtensionIdProvider<DrainPhaseExtension.Done>
{
    public override Done CreateExtension(ExtendedActorSystem system)
    {
        DrainPhase.MakeRoom(system);
        return new Done();
    }

    internal sealed class Done : IExtension;
}
