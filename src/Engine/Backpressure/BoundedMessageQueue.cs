using System.Collections.Concurrent;
using Actors.Engine.Shards;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Actors.Engine.Backpressure;

/// <summary>
/// A mailbox queue that bounds commands and nothing else, and never blocks. The bound is on commands that are
/// unanswered, in number and bytes: what the actor has taken out but not answered still counts. A command that does
/// not fit is refused on the sender's thread; completions, system messages, PoisonPill and Terminated always pass.
/// </summary>
/// <remarks>
/// No command is ever stranded: the queue is marked closed in <see cref="CleanUp"/> and every sender looks at the mark
/// after it has enqueued, so whoever comes last empties the queue.
/// <para>Senders on the shard's own thread use a plain queue, others a concurrent one. Order is kept for each sender,
/// since a sender is always on the same side: an actor is, and a ref without an actor, which may send from many
/// threads, counts as remote also while it is on the shard's, where an answer lets it send what has waited.</para>
/// </remarks>
internal abstract class BoundedMessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private const int BytesBits = 40;
    private const long BytesMask = (1L << BytesBits) - 1;
    private const long OneMessage = 1L << BytesBits;
    private const int RemoteTurn = 8;

    private readonly EventLoop? _loop = EventLoop.Current;
    private readonly Queue<Envelope> _local = new();
    private readonly ConcurrentQueue<Envelope> _remote = new();
    private readonly long _messagesMax;
    private readonly long _bytesMax;
    private long _unanswered;
    private volatile bool _closed;
    private int _turn;

    protected BoundedMessageQueue(int messagesMax, long bytesMax)
    {
        _messagesMax = messagesMax;
        _bytesMax = bytesMax;
    }

    /// <summary>The queue of the actor that is being created or is running here; null when it has another
    /// mailbox.</summary>
    public static BoundedMessageQueue? Of(IActorContext context) =>
        (context as ActorCell)?.Mailbox?.MessageQueue as BoundedMessageQueue;

    /// <summary>Commands accepted and not yet answered.</summary>
    public long UnansweredMessages => Volatile.Read(ref _unanswered) >> BytesBits;

    /// <summary>Bytes that they hold.</summary>
    public long UnansweredBytes => Volatile.Read(ref _unanswered) & BytesMask;

    public bool HasMessages => _local.Count > 0 || !_remote.IsEmpty;

    public int Count => _local.Count + _remote.Count;

    /// <summary>The actor has answered so many commands with so many bytes.</summary>
    public void Answered(int messages, long bytes) =>
        Interlocked.Add(ref _unanswered, -(messages * OneMessage + bytes));

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (IsCommand(envelope.Message, out var bytes) && !TryAccept(bytes))
        {
            Refuse(envelope, receiver, FailureReason.MailboxFull);
            return;
        }

        if (_loop is not null && EventLoop.Current == _loop && envelope.Sender is not MinimalActorRef)
        {
            if (_closed)
            {
                Dispose(envelope, receiver, null);
            }
            else
            {
                _local.Enqueue(envelope);
            }

            return;
        }

        _remote.Enqueue(envelope);
        Interlocked.MemoryBarrier();
        if (_closed)
        {
            EmptyRemote(receiver, null);
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        // Every few messages the other threads' queue goes first, so that a busy shard cannot starve them.
        if (++_turn % RemoteTurn == 0 && _remote.TryDequeue(out envelope))
        {
            return true;
        }

        return _local.TryDequeue(out envelope) || _remote.TryDequeue(out envelope);
    }

    /// <summary>Shows a message that waits, without taking it out; for the actor, which thereby may take along what it
    /// can do together with the message that it is handling.</summary>
    public bool TryPeek(out Envelope envelope) => _local.TryPeek(out envelope) || _remote.TryPeek(out envelope);

    /// <summary>Takes out what <see cref="TryPeek"/> has just shown, which is then the actor's to answer.</summary>
    public void TakePeeked()
    {
        if (!_local.TryDequeue(out _))
        {
            _remote.TryDequeue(out _);
        }
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        _closed = true;
        Interlocked.MemoryBarrier();
        while (_local.TryDequeue(out var envelope))
        {
            Dispose(envelope, owner, deadletters);
        }

        EmptyRemote(owner, deadletters);
    }

    /// <summary>Whether the message is a command that counts, and how many bytes it holds.</summary>
    protected abstract bool IsCommand(object message, out int bytes);

    /// <summary>Answers a command that will not be performed. On any thread.</summary>
    protected abstract void Refuse(Envelope envelope, IActorRef receiver, FailureReason reason);

    /// <summary>Compared and exchanged rather than added and taken off again: what is refused must not be seen, not for a
    /// moment, by a sender whose command does fit.</summary>
    private bool TryAccept(int bytes)
    {
        var before = Volatile.Read(ref _unanswered);
        while (true)
        {
            var after = before + OneMessage + bytes;
            var messages = after >> BytesBits;

            // One command larger than the whole limit is let in when it is alone; otherwise it could never be sent.
            if (messages > _messagesMax || ((after & BytesMask) > _bytesMax && messages > 1))
            {
                return false;
            }

            var seen = Interlocked.CompareExchange(ref _unanswered, after, before);
            if (seen == before)
            {
                return true;
            }

            before = seen;
        }
    }

    private void EmptyRemote(IActorRef receiver, IMessageQueue? deadletters)
    {
        while (_remote.TryDequeue(out var envelope))
        {
            Dispose(envelope, receiver, deadletters);
        }
    }

    private void Dispose(Envelope envelope, IActorRef owner, IMessageQueue? deadletters)
    {
        if (IsCommand(envelope.Message, out _))
        {
            Refuse(envelope, owner, FailureReason.Closing);
        }
        else
        {
            deadletters?.Enqueue(owner, envelope);
        }
    }
}
