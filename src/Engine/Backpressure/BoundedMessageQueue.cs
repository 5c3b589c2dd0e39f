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
/// <para>
/// Two bounds of the same size stand side by side: one for the work, and one for the commands that end work (cancel,
/// close, abort). Without the second one a client that uses all its credits could not take anything back.
/// </para>
/// <para>
/// No command is ever stranded: the queue is marked closed in <see cref="CleanUp"/> and every sender looks at the mark
/// after it has enqueued, so the last of the two empties the queue.
/// </para>
/// <para>
/// Senders on the shard's own thread use a plain queue, others a concurrent one. A message never overtakes one that was
/// enqueued before it, on whichever side: each carries how many messages the other side had when it came, and waits
/// until those are out. So a drain that a client asks for after its writes finds them written.
/// </para>
/// </remarks>
internal abstract class BoundedMessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private const int BytesBits = 40;
    private const long BytesMask = (1L << BytesBits) - 1;
    private const long OneMessage = 1L << BytesBits;
    private const int RemoteTurn = 8;

    private readonly EventLoop? _loop = EventLoop.Current;
    private readonly Ring<Entry> _local = new();
    private readonly ConcurrentQueue<Entry> _remote = new();
    private readonly long _messagesMax;
    private long _bytesMax;
    private long _unanswered;
    private int _unansweredEndings;
    private long _localIn; // Written by the shard's thread alone, after it has enqueued.
    private long _localOut;
    private long _remoteIn; // Counted before the enqueue.
    private long _remoteOut;
    private FailureReason _refusal = FailureReason.Closing;
    private volatile bool _closed;

    // The oldest remote one, once it has been looked at: a concurrent queue that is peeked into keeps what is taken out of
    // it from then on, with the memory of answered writes.
    private Entry _remoteHead;
    private volatile bool _hasRemoteHead;
    private int _turn;
    private bool _peekedLocal;

    protected BoundedMessageQueue(int messagesMax, long bytesMax)
    {
        _messagesMax = messagesMax;
        _bytesMax = bytesMax;
    }

    /// <summary>The queue of the actor that is being created or is running here; null when it has another
    /// mailbox.</summary>
    public static BoundedMessageQueue? Of(IActorContext context) =>
        (context as ActorCell)?.Mailbox?.MessageQueue as BoundedMessageQueue;

    /// <summary>Commands accepted and not yet answered, except those that end work.</summary>
    public long UnansweredMessages => Volatile.Read(ref _unanswered) >> BytesBits;

    /// <summary>Bytes that they hold.</summary>
    public long UnansweredBytes => Volatile.Read(ref _unanswered) & BytesMask;

    public bool HasMessages => _local.Count > 0 || (MayHaveRemote && (_hasRemoteHead || !_remote.IsEmpty));

    public int Count => _local.Count + (_hasRemoteHead ? 1 : 0) + _remote.Count;

    /// <summary>Makes the bound on bytes smaller in proportion, before the first command.</summary>
    public void Shrink(int part, int whole) =>
        Volatile.Write(ref _bytesMax, Math.Max(part, (long)((double)_bytesMax * part / whole)));

    /// <summary>The actor has answered so many commands with so many bytes, none of which ends work.</summary>
    public void Answered(int messages, long bytes) =>
        Interlocked.Add(ref _unanswered, -(messages * OneMessage + bytes));

    /// <summary>The actor has answered a command.</summary>
    public void Answered(FileCommand command)
    {
        if (command.EndsWork)
        {
            Interlocked.Decrement(ref _unansweredEndings);
        }
        else
        {
            Answered(1, command.QueuedBytes);
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (!TryAccept(envelope.Message))
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
                _local.Enqueue(new Entry(envelope, Volatile.Read(ref _remoteIn)));
                Volatile.Write(ref _localIn, _localIn + 1);
            }

            return;
        }

        // The local ones are counted first: of those that are counted later none can have come before this one.
        var before = Volatile.Read(ref _localIn);
        Interlocked.Increment(ref _remoteIn);
        _remote.Enqueue(new Entry(envelope, before));
        Interlocked.MemoryBarrier();
        if (_closed)
        {
            EmptyRemote(receiver);
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        // Every few messages the other threads' queue goes first, so that a busy shard cannot starve them.
        var isLocal = IsLocalNext(++_turn % RemoteTurn == 0);
        if (!isLocal && !HasRemote())
        {
            envelope = default;
            return false;
        }

        envelope = isLocal ? TakeLocal() : TakeRemote();
        return true;
    }

    /// <summary>Shows a message that waits, without taking it out; for the actor, which thereby may take along what it
    /// can do together with the message that it is handling. Null when none waits.</summary>
    public object? Peek()
    {
        _peekedLocal = IsLocalNext(false);
        return _peekedLocal ? _local.Head.Envelope.Message : HasRemote() ? _remoteHead.Envelope.Message : null;
    }

    /// <summary>Takes out what <see cref="Peek"/> has just shown, which is then the actor's to answer.</summary>
    public Envelope TakePeeked() => _peekedLocal ? TakeLocal() : TakeRemote();

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => Empty(owner, deadletters);

    /// <summary>Answers what waits and whatever still comes: the actor takes nothing more, for a reason.</summary>
    /// <returns>Commands that waited.</returns>
    public int RefuseAll(IActorRef owner, FailureReason reason)
    {
        _refusal = reason;
        return Empty(owner, null);
    }

    /// <summary>Whether the message is a command that counts, and what for.</summary>
    protected abstract CommandWeight Weigh(object message, out int bytes);

    /// <summary>Answers a command that will not be performed. On any thread.</summary>
    protected abstract void Refuse(Envelope envelope, IActorRef receiver, FailureReason reason);

    /// <summary>Which queue the next message comes from: of the two heads one has waited for nothing that is still in
    /// the other queue.</summary>
    private bool IsLocalNext(bool remoteFirst)
    {
        if (_local.Count == 0)
        {
            return false;
        }

        if (!remoteFirst && _local.Head.OthersBefore <= _remoteOut)
        {
            return true;
        }

        // A remote one that is counted and not there yet came before nobody.
        return !HasRemote() || _remoteHead.OthersBefore > _localOut;
    }

    private Envelope TakeLocal()
    {
        _localOut++;
        return _local.Dequeue().Envelope;
    }

    private Envelope TakeRemote()
    {
        var envelope = _remoteHead.Envelope;
        _remoteHead = default;
        _hasRemoteHead = false;
        _remoteOut++;
        return envelope;
    }

    /// <summary>Whether more were counted than taken out. With thousands of files open, the look at an empty concurrent queue
    /// costs several misses of the cache.</summary>
    private bool MayHaveRemote => Volatile.Read(ref _remoteIn) != Volatile.Read(ref _remoteOut);

    /// <summary>Looks for a message of the other threads, which is then <see cref="_remoteHead"/>.</summary>
    private bool HasRemote()
    {
        if (!_hasRemoteHead && MayHaveRemote && _remote.TryDequeue(out var head))
        {
            _remoteHead = head;
            _hasRemoteHead = true;
        }

        return _hasRemoteHead;
    }

    private bool TryAccept(object message) => Weigh(message, out var bytes) switch
    {
        CommandWeight.Work => TryAccept(bytes),
        CommandWeight.EndsWork => TryAcceptEnding(),
        _ => true,
    };

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

    /// <summary>One more than the work: each command may be taken back, and the file be closed besides.</summary>
    private bool TryAcceptEnding()
    {
        if (Interlocked.Increment(ref _unansweredEndings) <= _messagesMax + 1)
        {
            return true;
        }

        Interlocked.Decrement(ref _unansweredEndings);
        return false;
    }

    private int Empty(IActorRef owner, IMessageQueue? deadletters)
    {
        _closed = true;
        Interlocked.MemoryBarrier();
        var commands = 0;
        while (_local.Count > 0)
        {
            commands += Dispose(TakeLocal(), owner, deadletters);
        }

        while (HasRemote())
        {
            commands += Dispose(TakeRemote(), owner, deadletters);
        }

        return commands;
    }

    /// <summary>On a sender's thread: what the actor no longer takes.</summary>
    private void EmptyRemote(IActorRef receiver)
    {
        while (_remote.TryDequeue(out var entry))
        {
            Dispose(entry.Envelope, receiver, null);
        }
    }

    /// <returns>1 for a command, which is refused; otherwise 0.</returns>
    private int Dispose(Envelope envelope, IActorRef owner, IMessageQueue? deadletters)
    {
        if (Weigh(envelope.Message, out _) == CommandWeight.None)
        {
            deadletters?.Enqueue(owner, envelope);
            return 0;
        }

        Refuse(envelope, owner, _refusal);
        return 1;
    }

    /// <param name="Envelope">The message.</param>
    /// <param name="OthersBefore">Messages of the other side that may have come before it.</param>
    private readonly record struct Entry(Envelope Envelope, long OthersBefore);
}
