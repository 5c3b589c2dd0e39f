using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>What one producer needs to know.</summary>
/// <param name="Plan">The phase.</param>
/// <param name="File">The number of its file.</param>
/// <param name="Shard">The shard that it lives on and that its file shall live on.</param>
/// <param name="Coordinator">Takes the open.</param>
/// <param name="Progress">The shard's counter.</param>
internal sealed record FileJob(PhasePlan Plan, int File, int Shard, IActorRef Coordinator, ShardProgress Progress);
