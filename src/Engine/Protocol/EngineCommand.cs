using Akka.Actor;

namespace Actors.Engine;

/// <summary>
/// A request to the engine. Every command gets exactly one answer, sent to the command's sender: its event, or
/// <see cref="CommandFailed"/> naming the command. That holds when a mailbox is full, and during and after a stop.
/// </summary>
public abstract record EngineCommand : INoSerializationVerificationNeeded;

/// <summary>A command to a file actor (the sender of <see cref="Opened"/>).</summary>
/// <remarks>Counted against the file's command queue, in messages and in <see cref="QueuedBytes"/>. <see cref="Cancel"/>,
/// <see cref="Close"/> and <see cref="Abort"/> are counted apart: as many of them may be unanswered as commands with work
/// to do, and one more.</remarks>
public abstract record FileCommand : EngineCommand
{
    /// <summary>Bytes of the sender's data that the command holds until it is answered.</summary>
    public virtual int QueuedBytes => 0;

    /// <summary>The sender's memory that the command holds until it is answered.</summary>
    internal virtual ReadOnlyMemory<byte> HeldMemory => default;

    /// <summary>True for a command that takes back or ends others. It does not count against the credits.</summary>
    internal virtual bool EndsWork => false;
}

/// <summary>An answer or a notification of the engine. The sender is the actor that it comes from.</summary>
public abstract record EngineEvent : INoSerializationVerificationNeeded;
