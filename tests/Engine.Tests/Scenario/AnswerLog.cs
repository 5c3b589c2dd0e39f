using System.Collections.Concurrent;
using Akka.Actor;

namespace Actors.Engine.Tests.Scenario;

/// <summary>
/// A client that only counts its answers. Not an actor, so that it still receives after the actor system has stopped,
/// and from any number of threads.
/// </summary>
internal sealed class AnswerLog(ActorSystem system, string role) : MinimalActorRef
{
    private readonly ConcurrentQueue<object> _answers = new();

    public override ActorPath Path { get; } = ((ExtendedActorSystem)system).Provider.RootPath / "clients" / role;

    public override IActorRefProvider Provider { get; } = ((ExtendedActorSystem)system).Provider;

    public IReadOnlyCollection<object> Answers => _answers;

    /// <summary>How many commands the answers stand for: a cumulative answer counts for all that it covers.</summary>
    public int Answered => _answers.Sum(answer => answer is Written written ? written.Count : 1);

    public IEnumerable<T> Of<T>() => _answers.OfType<T>();

    protected override void TellInternal(object message, IActorRef sender) => _answers.Enqueue(message);
}
