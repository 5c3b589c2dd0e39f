using Actors.Engine.Backpressure;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>A command that has been taken out of the mailbox and awaits its answer.</summary>
/// <param name="Command">What to do.</param>
/// <param name="Sender">Whom to answer.</param>
/// <param name="ArrivedAt">Stopwatch ticks, or 0 when this command is not timed.</param>
internal readonly record struct Pending(FileCommand Command, IActorRef Sender, long ArrivedAt);

/// <summary>A file's commands in order of arrival, bounded from outside by the mailbox.</summary>
internal sealed class PendingCommands : Ring<Pending>
{
    /// <summary>Takes out the oldest command with a token.</summary>
    /// <param name="token">What to look for.</param>
    /// <param name="removed">The command.</param>
    /// <param name="wasHead">Whether it was the oldest of all.</param>
    public bool TryRemove(long token, out Pending removed, out bool wasHead)
    {
        for (var i = 0; i < Count; i++)
        {
            if (TokenOf(this[i].Command) == token)
            {
                removed = RemoveAt(i);
                wasHead = i == 0;
                return true;
            }
        }

        removed = default;
        wasHead = false;
        return false;
    }

    /// <summary>The token of a command that can be cancelled; null for the others.</summary>
    public static long? TokenOf(FileCommand command) => command switch
    {
        Write write => write.Token,
        Read read => read.Token,
        Sync sync => sync.Token,
        Truncate truncate => truncate.Token,
        Allocate allocate => allocate.Token,
        StatFile stat => stat.Token,
        Demand demand => demand.Token,
        ReadAll readAll => readAll.Token,
        _ => null,
    };
}
