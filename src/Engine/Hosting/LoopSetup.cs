using Actors.Engine.Shards;
using Akka.Actor.Setup;

namespace Actors.Engine;

/// <summary>
/// Part of an actor system's setup that puts an engine's event loops and its sense of time into other hands than a
/// thread's and the system's: the seam for runs that are stepped.
/// </summary>
/// <param name="host">Turns all of the engine's loops.</param>
/// <param name="clock">What the engine reads and sets its timers by, beside Akka's scheduler.</param>
internal sealed class LoopSetup(ILoopHost host, TimeProvider clock) : Setup
{
    public ILoopHost Host => host;

    public TimeProvider Clock => clock;
}
