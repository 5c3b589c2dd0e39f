using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Tests.Scenario;

/// <summary>Gathers what should not happen in a scenario: dead letters, unhandled messages, logged errors.</summary>
internal sealed class FaultLog : MinimalActorRef
{
    private readonly ActorSystem _system;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentBag<Func<object, bool>> _expected = [];

    public FaultLog(ActorSystem system)
    {
        _system = system;
        Provider = ((ExtendedActorSystem)system).Provider;
        Path = Provider.RootPath / "scenario-faults";
        system.EventStream.Subscribe(this, typeof(DeadLetter));
        system.EventStream.Subscribe(this, typeof(UnhandledMessage));
        system.EventStream.Subscribe(this, typeof(Error));
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Lets pass a dead letter's message or an error's exception that belongs to the scenario.</summary>
    public void Expect(Func<object, bool> expected) => _expected.Add(expected);

    public void Close() => _system.EventStream.Unsubscribe(this);

    protected override void TellInternal(object message, IActorRef sender)
    {
        var (what, subject) = message switch
        {
            DeadLetter letter => ($"dead letter to {letter.Recipient}: {letter.Message}", letter.Message),
            UnhandledMessage stray => ($"not handled by {stray.Recipient}: {stray.Message}", stray.Message),
            Error error => ($"error: {error}", (object?)error.Cause ?? error),
            _ => ($"{message}", message),
        };
        if (!_expected.Any(expected => expected(subject)))
        {
            _faults.Enqueue(what);
        }
    }
}
