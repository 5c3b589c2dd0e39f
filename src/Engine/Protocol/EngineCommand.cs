using Akka.Actor;

namespace Actors.Engine;

/// <summary>
/// A request to the engine. Every command gets exactly one answer, sent to the command's sender: its event, or
/// <see cref="CommandFailed"/> naming the command. That holds when a mailbox is full, and during and after a stop.
/// </summary>
public abstract record EngineCommand : INoSerializationVerificationNeeded;

/// <summary>A command to a file actor (the sender of <see cref="Opened"/>).</summary>
/// <remarks>Counted against the file's command queue, in messages and in <see cref="QueuedBytes"/>.</remarks>
public abstract record FileCommand : EngineCommand
{
    /// <summary>Bytes of the sender's data that the command holds until it is answered.</summary>
    public virtual int QueuedBytes => 0;
}

/// <summary>An answer or a notification of the engine. The sender is the actor that it comes from.</summary>
public abstract record EngineEvent : INoSerializationVerificationNeeded;
