using Actors.Engine;
using Akka.Actor;

namespace Actors.Reliability.Soak.Load;

/// <summary>Opens a file, sends what its credits allow, and is gone before the answers come. Its <see cref="Witness"/>
/// tells the <see cref="Executor"/> of them, which closes the file.</summary>
internal sealed class VanishingUser(SoakEngine soak, int id, Executor.Heir heir) : UntypedActor
{
    private readonly Random _random = new(soak.Seed + id + (int)heir.Life);
    private readonly bool _reads = heir.Life % 3 == 0;

    protected override void PreStart()
    {
        soak.Counts.CountSent();
        var open = _reads
            ? new Open(soak.PathOf(SharedLines.Name), OpenMode.Read)
            : new Open(soak.PathOf($"vanish-{id}"), OpenMode.Write);
        soak.Engine.Coordinator.Tell(open, Self);
    }

    protected override void OnReceive(object message)
    {
        soak.Counts.CountAnswered();
        var commands = 0;
        if (message is Opened opened)
        {
            var witness = new Witness((IInternalActorRef)Self, heir.Executor);
            commands = _reads ? 20 : _random.Next(1, opened.Credits);
            for (var token = 0L; token < commands; token++)
            {
                FileCommand command = _reads
                    ? new Demand(2, DemandUnit.Chunks, token)
                    : new Write(SoakData.Of(id, token, _random.Next(1, 500)), Write.Append, token);
                soak.Counts.CountSent();
                Sender.Tell(command, witness);
            }
        }

        heir.Executor.Tell(new Executor.Estate(Sender, commands, message is Opened));
        Context.Stop(Self);
    }
}
