using Actors.Engine.Drivers;
using Akka.Actor.Setup;

namespace Actors.Engine;

/// <summary>
/// Part of an actor system's setup that makes the engine's drivers in place of the configured backend: the seam for
/// drivers that hold operations back, cut them short or fail them.
/// </summary>
/// <param name="create">Makes the driver of the shard with the given index, on the shard's thread.</param>
internal sealed class DriverSetup(Func<int, IDriver> create) : Setup
{
    public IDriver Create(int shard) => create(shard);
}
