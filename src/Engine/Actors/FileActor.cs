using Actors.Engine.Backpressure;
using Actors.Engine.Drivers;
using Actors.Engine.Scheduling;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// What writers and readers have in common: opening, the queue of commands, positional reads, barriers, closing, and
/// the rule that every command is answered exactly once. Lives on its shard's thread, as its backend and driver do.
/// </summary>
/// <remarks>
/// States: opening -> open -> closing (a Close, Abort or drain has been taken) -> stopped. Commands wait in order of
/// arrival; the head starts when it may, and a head that may not holds back what is behind it. Whatever ends the actor,
/// <see cref="PostStop"/> answers what is left, and <see cref="OrphanedFile"/> closes the descriptor once the kernel
/// has given everything back.
/// </remarks>
internal abstract partial class FileActor : UntypedActor, IQueuePairOwner, IRelievable
{
    // A field, because Context and Sender look it up in thread-local state each time.
    private readonly IActorContext _context = Context;
    private readonly IActorRef _backend;
    private readonly BoundedMessageQueue? _queue;
    private readonly OpenedFile _file;
    private readonly TimeSpan _timeout;
    private readonly int _inFlightMax;
    private readonly int _window;
    private ICancelable? _timer;
    private bool _open;
    private bool _barrier;
    private bool _closing;
    private bool _waitsForBuffer;
    private bool _abandoned;
    private bool _released;
    private bool _isRelieved;
    private FileFailure? _poison;
    private long _lengthAtBarrier;
    private long _durableLength;
    private Pending? _drain;

    protected FileActor(FileEngine engine, Shard shard, SpawnFile spawn, IActorRef backend)
    {
        _backend = backend;
        Me = Self;
        Engine = engine;
        Shard = shard;
        Spawn = spawn;
        Options = spawn.Open.Options ?? new OpenOptions();
        Operations = new FileOperations(this, shard, Me, backend);
        _queue = BoundedMessageQueue.Of(Context);
        _window = engine.Credits.Take();
        _queue?.Shrink(_window, engine.Settings.File.CreditBytes);
        Answers = new FileAnswers(spawn, Me, _queue, shard);
        _file = new OpenedFile(engine, spawn, Options, shard.Scheduler);
        _timeout = Options.OperationTimeout ?? engine.Settings.File.OperationTimeout;
        _inFlightMax = Math.Min(Options.InFlight ?? engine.Settings.File.InFlight, engine.Settings.Backend.InFlight);
    }

    /// <summary>This actor; a field, because <c>Self</c> looks it up in thread-local state each time.</summary>
    protected IActorRef Me { get; }

    protected FileEngine Engine { get; }

    protected Shard Shard { get; }

    protected SpawnFile Spawn { get; }

    protected OpenOptions Options { get; }

    protected FileOperations Operations { get; }

    protected FileAnswers Answers { get; }

    /// <summary>Taken out of the mailbox and not started yet.</summary>
    protected PendingCommands Commands { get; } = new();

    protected FileHandle? File => _file.Handle;

    protected bool IsRegular => _file.IsRegular;

    /// <summary>True while messages wait in the mailbox.</summary>
    protected bool HasMessages => _queue is { HasMessages: true };

    /// <summary>True while one more operation may be started.</summary>
    protected bool HasRoom => Operations.Outstanding < _inFlightMax;

    // ------------------------------------------------------------------ what writers and readers add

    /// <summary>Whether this kind of file takes the command at all.</summary>
    protected abstract bool Takes(FileCommand command);

    /// <summary>Starts the head of <see cref="Commands"/>, or answers it, and takes it out. False: not yet.</summary>
    protected abstract bool TryStartSpecific(FileCommand head);

    /// <summary>An operation that <see cref="TryStartSpecific"/> started has come back.</summary>
    protected abstract void OnSpecificDone(FileOperation operation, bool failed);

    /// <summary>Nothing more can be started now; answers that were held back may have to go.</summary>
    protected virtual void OnAdvanced()
    {
    }

    /// <summary><see cref="AnswersDue"/> has come, which the actor sent to itself.</summary>
    protected virtual void OnAnswersDue()
    {
    }

    /// <summary>The head of <see cref="Commands"/>, on which work may have begun, has been cancelled.</summary>
    protected virtual void OnHeadTakenBack()
    {
    }

    /// <summary>Nothing more is performed: what waits for a further operation may not go on waiting.</summary>
    protected virtual void OnAbandoned(FileFailure failure)
    {
    }

    /// <summary>The actor stops: answers that were held back must go, memory that no operation holds must be given
    /// back.
    /// </summary>
    protected virtual void OnStopping()
    {
    }

    // ------------------------------------------------------------------ messages

    protected override void PreStart()
    {
        try
        {
            BeginOpen();
        }
        catch (Exception e)
        {
            OnCrash(e);
        }
    }

    protected sealed override void OnReceive(object message)
    {
        // What runs already is an actor that the kernel keeps, whose substitute this is.
        var kept = Shard.Running;
        Shard.Running = this;
        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            OnCrash(e);
        }

        Shard.Running = kept;
    }

    /// <summary>A defect must not cost anybody an answer: PostStop gives them, with this cause. What a relieved actor
    /// throws is none: it has answered all, and is not to go on.</summary>
    private void OnCrash(Exception exception)
    {
        Answers.Crash ??= _isRelieved ? null : exception;
        Context.Stop(Me);
    }

    void IQueuePairOwner.OnCompleted(QueuePair pair) => Me.Tell(IoCompleted.Instance, _backend);

    void IQueuePairOwner.OnOverdue(QueuePair pair) => Me.Tell(OperationsOverdue.Instance, _backend);

    private void Handle(object message)
    {
        switch (message)
        {
            case IoCompleted or LaneFree:
                break;
            case FileCommand command:
                if (!Accept(command))
                {
                    return;
                }

                break;
            case BufferAvailable:
                _waitsForBuffer = false;
                break;
            case AnswersDue:
                OnAnswersDue();
                return;
            case SubmitRefused:
                OnSubmitRefused();
                return;
            case WithdrawFile:
                OnOpenWithdrawn();
                return;
            case CheckTimeouts:
                OnCheckTimeouts();
                return;
            case OperationsOverdue:
                OnOverdue();
                return;
            case DrainExpired:
                Context.Stop(Me);
                return;
            default:
                Unhandled(message);
                return;
        }

        Advance();
    }

    // ------------------------------------------------------------------ commands

    /// <returns>False when nothing can come of it now: it waits behind others, which wait for something
    /// else.</returns>
    private bool Accept(FileCommand command)
    {
        var pending = Answers.Arrived(command, _context.Sender);
        if (command is DrainFile)
        {
            Answers.BeginDrain();
        }

        switch (command)
        {
            case Cancel cancel:
                OnCancel(pending, cancel);
                break;
            case DrainFile when _closing:
                _drain = pending;
                break;
            case var _ when _closing:
                Answers.Fail(pending, FailureReason.Closing, $"{Spawn.FullPath} is closing");
                break;
            case Close or Abort or DrainFile:
                BeginClose(pending);
                break;
            case var _ when _poison is not null:
                Answers.Fail(pending, _poison.Reason, _poison.Cause, _poison.Errno);
                break;
            case var _ when !Takes(command) && command is not StatFile:
                Answers.Fail(
                    pending, FailureReason.NotSupported,
                    $"{command.GetType().Name} does not apply to a file opened for {Spawn.Open.Mode}");
                break;
            default:
                Commands.Enqueue(pending);
                return Commands.Count == 1;
        }

        return true;
    }

    private void Advance()
    {
        do
        {
            TakeCompletions();
            while (Commands.Count > 0 && !_barrier && _open && TryStart(Commands.Head.Command))
            {
            }
        }
        while (Operations.HasCompleted);

        OnAdvanced();
    }

    private bool TryStart(FileCommand head) => head switch
    {
        Write => TryStartSpecific(head),
        Read read => TryStartRead(read),
        Sync sync => TryStartBarrier(sync.Scope == SyncScope.Data ? IoKind.DataSync : IoKind.Sync, 0, 0),
        Truncate truncate => TryStartBarrier(IoKind.Truncate, 0, truncate.Length),
        Allocate allocate => TryStartBarrier(IoKind.Allocate, allocate.Offset, allocate.Length),
        StatFile stat => TryStat(stat),
        Close or Abort or DrainFile => TryStartBarrier(IoKind.Close, 0, 0),
        _ => TryStartSpecific(head),
    };

    private bool TryStartRead(Read read)
    {
        if (!HasRoom)
        {
            return false;
        }

        if (read.Offset < 0)
        {
            Answers.Fail(
                Commands.Dequeue(), FailureReason.InvalidArgument, $"offset {read.Offset} is negative");
        }
        else if (RefusesPositions())
        {
            // It has been answered.
        }
        else if (read.Destination.IsEmpty)
        {
            Answers.Succeed(Commands.Dequeue(), new DataRead(read.Token, read.Offset, default));
        }
        else if (Misalignment(read.Offset, read.Destination.Length) is { } cause)
        {
            Answers.Fail(Commands.Dequeue(), FailureReason.InvalidArgument, cause);
        }
        else
        {
            var operation = Operations.Rent(IoKind.Read, File);
            operation.Io.Offset = read.Offset;
            if (TryPinHead(operation, read.Destination))
            {
                Start(operation);
            }
        }

        return true;
    }

    /// <summary>Takes out the head, for an operation on the head's own memory. When that memory is gone, or direct I/O
    /// cannot use it, the command fails, and nobody else's.</summary>
    protected bool TryPinHead(FileOperation operation, ReadOnlyMemory<byte> memory)
    {
        string cause;
        try
        {
            operation.Pin(memory);
            if (operation.IsMemoryAligned)
            {
                operation.Cover(Commands.Dequeue());
                return true;
            }

            cause = $"{operation.Io.Length} bytes at an address that is no multiple of {File!.Alignment.Memory}, as "
                + $"direct I/O on {Spawn.FullPath} needs; PinnedMemory.Allocate gives such memory";
        }
        catch (Exception e)
        {
            cause = GoneMemory(e);
        }

        FileOperations.Recycle(operation);
        Answers.Fail(Commands.Dequeue(), FailureReason.InvalidArgument, cause);
        return false;
    }

    /// <summary>What a command is told whose memory cannot be reached.</summary>
    protected string GoneMemory(Exception exception) =>
        $"the memory of a command on {Spawn.FullPath} cannot be used any more: {exception.Message}";

    /// <summary>Answers the head if the file has no positions; a ring would not notice.</summary>
    protected bool RefusesPositions()
    {
        if (File!.HasPositions)
        {
            return false;
        }

        Answers.Fail(
            Commands.Dequeue(), FailureReason.NotARegularFile, $"{Spawn.FullPath} is a device without positions");
        return true;
    }

    /// <summary>Why direct I/O cannot be done at a position; null when it can.</summary>
    protected string? Misalignment(long offset, long length) => File!.Alignment.Allows(offset, length)
        ? null
        : $"offset {offset}, length {length}: direct I/O on {Spawn.FullPath} needs multiples of "
            + $"{File.Alignment.Offset} bytes";

    /// <summary>Starts alone: everything before it has come back, and nothing starts until it has.</summary>
    private bool TryStartBarrier(IoKind kind, long offset, long length)
    {
        if (Operations.Outstanding > 0 || (kind == IoKind.Close && !LaneIsClosed()))
        {
            return false;
        }

        if (offset < 0 || length < 0 || (kind == IoKind.Allocate && length == 0))
        {
            Answers.Fail(
                Commands.Dequeue(), FailureReason.InvalidArgument,
                $"offset {offset}, length {length} is out of range");
            return true;
        }

        // A sync covers what is in the file now, and a close leaves it.
        _lengthAtBarrier = kind is IoKind.Truncate ? length : CurrentLength();
        var operation = Operations.Rent(kind, File);
        operation.Io.Offset = offset;
        operation.Io.Length = length;
        if (kind == IoKind.Stat)
        {
            operation.PrepareStat();
        }

        operation.Cover(Commands.Dequeue());
        _barrier = true;
        Start(operation);
        return true;
    }

    /// <summary>False while a caller's transfer is under way, whose end brings a message.</summary>
    private bool LaneIsClosed() =>
        Answers.Lane is null || Answers.Lane.TryClose(() => Me.Tell(LaneFree.Instance, ActorRefs.NoSender));

    /// <summary>Once everything before it has come back. A file that the kernel does not have is asked at once.</summary>
    private bool TryStat(StatFile stat)
    {
        if (_file.IsKernels)
        {
            return TryStartBarrier(IoKind.Stat, 0, 0);
        }

        if (Operations.Outstanding > 0)
        {
            return false;
        }

        var error = _file.TryStat(out var status);
        var pending = Commands.Dequeue();
        if (status is null)
        {
            Answers.FailKernel(pending, -error);
        }
        else
        {
            Answers.Succeed(pending, new FileStatResult(stat.Token, status));
        }

        return true;
    }

    private void OnCancel(in Pending pending, Cancel cancel)
    {
        var outcome = CancelOutcome.NotFound;
        if (Commands.TryRemove(cancel.Token, out var command, out var wasHead))
        {
            Answers.Fail(command, FailureReason.Cancelled, "taken back by Cancel");
            outcome = CancelOutcome.TakenBack;
            if (wasHead)
            {
                OnHeadTakenBack();
            }
        }
        else if (Operations.FindBusy(cancel.Token) is { } operation)
        {
            // Only what is this command's alone and in the kernel: others did not ask for a cancel.
            if (operation is { CoveredCount: 1, Started: true })
            {
                Operations.Cancel(operation);
            }

            outcome = CancelOutcome.InFlight;
        }

        Answers.Succeed(pending, new Cancelled(cancel.Token, outcome));
    }
}
