using Actors.Engine.Drivers;
using Akka.Actor.Setup;

namespace Actors.Engine;

/// <summary>
/// Part of an actor system's setup that puts the engine's system calls into other hands: the seam for faults below all
/// backends, the callers' own transfers included.
/// </summary>
/// <param name="calls">In place of those of this system.</param>
/// <param name="decorate">Puts a driver around that of a shard, whose ring is out of reach of <paramref name="calls"/>;
/// null leaves the drivers as they are.</param>
internal sealed class SystemCallsSetup(SystemCalls calls, Func<int, IDriver, IDriver>? decorate = null) : Setup
{
    public SystemCalls Calls => calls;

    public IDriver Decorate(int shard, IDriver driver) => decorate is null ? driver : decorate(shard, driver);
}
