using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>Makes Props from a delegate. Akka's expression trees are compiled at run time, which costs milliseconds at
/// start and a reflective call per actor.</summary>
internal sealed class ActorFactory<T>(Func<T> create) : IIndirectActorProducer
    where T : ActorBase
{
    public Type ActorType => typeof(T);

    public static Props Props(Func<T> create) => Akka.Actor.Props.CreateBy(new ActorFactory<T>(create));

    public ActorBase Produce() => create();

    public void Release(ActorBase actor)
    {
    }
}
