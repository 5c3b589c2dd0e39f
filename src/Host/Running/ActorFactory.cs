using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// Makes actors from a plain delegate. Props from expression trees compile at first use, which costs a lean start more
/// than everything else it does.
/// </summary>
internal sealed class ActorFactory<TActor>(Func<TActor> create) : IIndirectActorProducer
    where TActor : ActorBase
{
    public Type ActorType => typeof(TActor);

    /// <summary>Props on the given dispatcher.</summary>
    public static Props Props(Func<TActor> create, string? dispatcher = null)
    {
        var props = Akka.Actor.Props.CreateBy(new ActorFactory<TActor>(create));
        return dispatcher is null ? props : props.WithDispatcher(dispatcher);
    }

    public ActorBase Produce() => create();

    public void Release(ActorBase actor)
    {
    }
}
