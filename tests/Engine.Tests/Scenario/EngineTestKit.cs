using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace Actors.Engine.Tests.Scenario;

/// <summary>Makes the probes of a scenario; the scenario owns the actor system.</summary>
internal sealed class EngineTestKit(ActorSystem system) : TestKit(system);
