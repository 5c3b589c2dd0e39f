using Akka.Actor;

namespace Actors.Engine.Telemetry;

/// <summary>
/// Calls of code that is not the engine's: listeners of activities and instruments, and the mailboxes of clients. What
/// it throws is its owner's, and must not end an actor, nor leave a file open or a command without its answer.
/// </summary>
internal static class ForeignCode
{
    /// <summary>Makes a call, whatever it throws.</summary>
    public static void Try(Action call)
    {
        try
        {
            call();
        }
        catch (Exception)
        {
            // There is nobody to tell.
        }
    }

    /// <summary>Makes a call; null when it throws.</summary>
    public static T? Try<T>(Func<T?> call)
        where T : class
    {
        try
        {
            return call();
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Sends to a client, whose mailbox may be anybody's code.</summary>
    /// <returns>What the mailbox threw, so that nobody has the message; otherwise null.</returns>
    public static Exception? TryTell(this IActorRef client, object message, IActorRef sender)
    {
        try
        {
            client.Tell(message, sender);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
