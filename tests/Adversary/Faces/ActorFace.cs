using Actors.Adversary.Playing;
using Actors.Engine;
using Akka.Actor;

namespace Actors.Adversary.Faces;

/// <summary>A client by the actors' protocol.</summary>
internal abstract class ActorFace(World world, EngineLife life) : Face(world, life)
{
    protected override string Name => "protocol";

    /// <summary>The file takes nothing more.</summary>
    protected bool IsOver { get; private set; }

    /// <summary>Something may still be performed.</summary>
    protected bool HasLeftSomething { get; private set; }

    /// <summary>A file was opened anew.</summary>
    protected void Begin() => (IsOver, HasLeftSomething) = (false, false);

    protected static bool IsUnfinished(EngineEvent answer) => answer is CommandFailed { IsUnfinished: true };

    /// <summary>Sends a command; the task is that of its one answer, which is judged.</summary>
    protected async Task<EngineEvent> AskAsync(AnswerBox box, IActorRef to, EngineCommand command)
    {
        World.Step();
        EngineEvent answer;
        bool stopped;
        var isLimited = command is Write or Sync or Read or Truncate;
        using (var pending = Life.Calls.Begin($"{Name}.{command.GetType().Name}", isLimited))
        {
            pending.Enter();
            var asked = box.AskAsync(to, command);
            pending.Leave();
            answer = await asked;
            stopped = Life.StopHasBegun;
        }

        var failed = answer as CommandFailed;
        HasLeftSomething |= IsUnfinished(answer);
        var outcome = new Outcome<bool>(failed is null, failed is null ? null : FileEngineException.Of("", failed));
        IsOver |= outcome.IsLast;
        Judge(
            command.GetType().Name, outcome,
            [FailureReason.MailboxFull, FailureReason.AlreadyOpen, FailureReason.NotSupported], true, stopped);
        return answer;
    }
}
