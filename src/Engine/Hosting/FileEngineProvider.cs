using Akka.Actor;

namespace Actors.Engine;

/// <summary>Lets Akka create one <see cref="FileEngine"/> per actor system.</summary>
internal sealed class FileEngineProvider : ExtensionIdProvider<FileEngine>
{
    public static readonly FileEngineProvider Instance = new();

    public override FileEngine CreateExtension(ExtendedActorSystem system) => new(system);
}
