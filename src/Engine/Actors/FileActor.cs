using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Actors.Engine.Backpressure;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Memory;
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
internal abstract class FileActor : UntypedActor, IQueuePairOwner
{
    // A field, because Context and Sender look it up in thread-local state each time.
    private readonly IActorContext _context = Context;
    private readonly IActorRef _backend;
    private readonly BoundedMessageQueue? _queue;
    private readonly OpenedFile _file;
    private readonly FileExtent _extent = new();
    private readonly TimeSpan _timeout;
    private readonly int _inFlightMax;
    private ICancelable? _timer;
    private bool _open;
    private bool _barrier;
    private bool _closing;
    private bool _waitsForBuffer;
    private bool _abandoned;
    private bool _released;
    private bool _poisonedBySync;
    private FileFailure? _poison;
    private Envelope _peeked;
    private Pending? _drain;

    protected FileActor(FileEngine engine, Shard shard, SpawnFile spawn, IActorRef backend)
    {
        _backend = backend;
        Me = Self;
        Engine = engine;
        Shard = shard;
        Spawn = spawn;
        Options = spawn.Open.Options ?? new OpenOptions();
        Operations = new FileOperations(this, shard.Scheduler, Me, backend);
        _queue = BoundedMessageQueue.Of(Context);
        Answers = new FileAnswers(spawn, Me, _queue, shard.Metrics);
        _file = new OpenedFile(engine, spawn, Options);
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

    /// <summary>The file's length as far as this actor knows: what it found, plus what it wrote.</summary>
    protected long Length
    {
        get => _extent.Length;
        set => _extent.Length = value;
    }

    /// <summary>Set when a write failed that <see cref="Length"/> counts already; nobody knows then whether others have
    /// reached as far. The system is asked once nothing is in flight, and until then nothing is appended.</summary>
    protected bool LengthInDoubt { get; set; }

    /// <summary>The length up to which a sync has succeeded.</summary>
    protected long DurableLength { get; private set; }

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

    /// <summary>The actor stops: answers that were held back must go, memory that no operation holds must be given
    /// back.
    /// </summary>
    protected virtual void OnStopping()
    {
    }

    // ------------------------------------------------------------------ messages

    protected override void PreStart() => BeginOpen();

    protected sealed override void OnReceive(object message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            // A defect here must not cost anybody an answer: PostStop gives them, with this cause.
            Answers.Crash = e;
            Context.Stop(Me);
        }
    }

    void IQueuePairOwner.OnCompleted(QueuePair pair) => Me.Tell(IoCompleted.Instance, _backend);

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
            case CheckTimeouts:
                OnCheckTimeouts();
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

    // ------------------------------------------------------------------ opening

    private void BeginOpen()
    {
        if (Engine.RefuseOpen(Options) is { } refusal)
        {
            EndOpen(new FileFailure(FailureReason.NotSupported, refusal));
        }
        else if (OperatingSystem.IsLinux())
        {
            var operation = Operations.Rent(IoKind.Open, null);
            operation.SetPath(Spawn.FullPath);
            operation.Io.Flags = LinuxFiles.OpenFlags(Spawn.Open.Mode, Options.Direct);
            operation.Io.Mode = (int)Options.CreateMode;
            Start(operation);
        }
        else
        {
            TruncateOrEndOpen(_file.OpenPortably());
        }
    }

    private void OnOpenDone(FileOperation operation, bool failed)
    {
        var result = (int)operation.Io.Result;
        FileOperations.Recycle(operation);
        if (failed)
        {
            EndOpen(_file.Refused(-result));
        }
        else if (OperatingSystem.IsLinux())
        {
            TruncateOrEndOpen(_file.Adopt(result));
        }
    }

    /// <summary>Only now is it known that nobody here is writing the file.</summary>
    private void TruncateOrEndOpen(FileFailure? failure)
    {
        Length = _file.Length;
        if (failure is null && Spawn.Open.Mode.Truncates() && Length > 0 && IsRegular)
        {
            Length = 0;
            Start(Operations.Rent(IoKind.Truncate, File));
        }
        else
        {
            EndOpen(failure);
        }
    }

    private void OnTruncatedAtOpen(FileOperation operation, bool failed)
    {
        var errno = (int)-operation.Io.Result;
        FileOperations.Recycle(operation);
        EndOpen(failed ? FileFailure.Of("ftruncate", Spawn.FullPath, errno) : null);
    }

    private void EndOpen(FileFailure? failure)
    {
        _open = true;
        if (failure is not null)
        {
            Answers.FailOpen(failure);
            Context.Stop(Me);
            return;
        }

        Engine.Coordinator.Tell(new FileOpened(Spawn.Id, Me), Me);
        var file = Engine.Settings.File;
        OfferLane();
        Spawn.Client.Tell(
            new Opened(
                Spawn.Open.Path, Spawn.Open.Mode, Length, file.CreditMessages, file.CreditBytes, Shard.Index,
                Shard.DispatcherId, Engine.Backend)
            {
                Alignment = File!.Alignment,
            },
            Me);
    }

    /// <summary>Only where each transfer is for itself: nothing to make durable, no time limit to keep.</summary>
    private void OfferLane()
    {
        if (Spawn.Client is ILaneClient client && Engine.InlineTransferMax > 0 && File!.IsCached
            && _timeout <= TimeSpan.Zero
            && (Options.Durability ?? Engine.Settings.Writer.Durability) == Durability.None)
        {
            var transfers = new CallerTransfers(
                File, Engine.InlineTransferMax, Engine.CallerBackoff, BlockingCalls.Platform);
            Answers.Lane = new CallerLane(Spawn.Open.Mode, _extent, transfers, Engine.CallerMetrics);
            client.Lane = Answers.Lane;
        }
    }

    // ------------------------------------------------------------------ commands

    /// <returns>False when nothing can come of it now: it waits behind others, which wait for something
    /// else.</returns>
    private bool Accept(FileCommand command)
    {
        var pending = Answers.Arrived(command, _context.Sender);
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
            if (LengthInDoubt && Operations.Outstanding == 0)
            {
                Length = CurrentLength();
                LengthInDoubt = false;
            }

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
            // The client's memory may be gone; the command is taken out only once that is known.
            var operation = Operations.Rent(IoKind.Read, File);
            operation.Pin(read.Destination);
            operation.Io.Offset = read.Offset;
            operation.Cover(Commands.Dequeue());
            if (!RefusesMemory(operation))
            {
                Start(operation);
            }
        }

        return true;
    }

    /// <summary>Ends a transfer of one command's own memory, with its answer, when direct I/O cannot use that.</summary>
    protected bool RefusesMemory(FileOperation operation)
    {
        if (operation.IsMemoryAligned)
        {
            return false;
        }

        var pending = operation.Covered[0];
        var cause = $"{operation.Io.Length} bytes at an address that is no multiple of {File!.Alignment.Memory}, as "
            + $"direct I/O on {Spawn.FullPath} needs; PinnedMemory.Allocate gives such memory";
        FileOperations.Recycle(operation);
        Answers.Fail(pending, FailureReason.InvalidArgument, cause);
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

        var pending = Commands.Dequeue();
        if (offset < 0 || length < 0 || (kind == IoKind.Allocate && length == 0))
        {
            Answers.Fail(
                pending, FailureReason.InvalidArgument, $"offset {offset}, length {length} is out of range");
            return true;
        }

        var operation = Operations.Rent(kind, File);
        operation.Io.Offset = offset;
        operation.Io.Length = length;
        operation.Cover(pending);
        _barrier = true;
        Start(operation);
        return true;
    }

    /// <summary>False while a caller's transfer is under way, whose end brings a message.</summary>
    private bool LaneIsClosed() =>
        Answers.Lane is null || Answers.Lane.TryClose(() => Me.Tell(LaneFree.Instance, ActorRefs.NoSender));

    /// <summary>Here and now, for the kernel answers from memory; once everything before it has come back.</summary>
    private bool TryStat(StatFile stat)
    {
        if (Operations.Outstanding > 0)
        {
            return false;
        }

        var pending = Commands.Dequeue();
        var error = _file.TryStat(out var status);
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
            if (wasHead)
            {
                OnHeadTakenBack();
            }

            Answers.Fail(command, FailureReason.Cancelled, "taken back by Cancel");
            outcome = CancelOutcome.TakenBack;
        }
        else if (Operations.FindBusy(cancel.Token) is { } operation)
        {
            // A gathered write answers others too, who did not ask for a cancel.
            if (operation.CoveredCount == 1)
            {
                Operations.Cancel(operation);
            }

            outcome = CancelOutcome.InFlight;
        }

        Answers.Succeed(pending, new Cancelled(cancel.Token, outcome));
    }

    // ------------------------------------------------------------------ operations

    /// <summary>Starts an operation; with a timeout set, sees to it that somebody looks at the clock.</summary>
    protected void Start(FileOperation operation)
    {
        if (_timer is null && _timeout > TimeSpan.Zero)
        {
            var interval = TimeSpan.FromTicks(Math.Max(_timeout.Ticks / 4, TimeSpan.TicksPerMillisecond));
            _timer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
                interval, interval, Me, CheckTimeouts.Instance, ActorRefs.NoSender);
            Operations.StampAll = true;
        }

        Operations.Start(operation, mayPerform: operation.Io.Kind is IoKind.Read or IoKind.Write);
    }

    /// <summary>A pooled buffer; when there is none, this actor is told once there is, and tries again.</summary>
    protected bool TryRentSlab(int size, [NotNullWhen(true)] out Slab? slab)
    {
        slab = Shard.Buffers.TryRent(size);
        if (slab is null && !_waitsForBuffer)
        {
            _waitsForBuffer = true;
            Engine.Telemetry.Log.BuffersExhausted(Shard.Index, Shard.Buffers.BytesMax);
            Shard.WaitForBuffer(Me);
        }

        return slab is not null;
    }

    /// <summary>The message that comes after the one being handled, left where it is; null when none waits.</summary>
    protected object? PeekMessage() => _queue is not null && _queue.TryPeek(out _peeked) ? _peeked.Message : null;

    /// <summary>Takes out the command that <see cref="PeekMessage"/> has just shown. Only while nothing is closing and
    /// nothing waits in <see cref="Commands"/>, behind which it belongs.</summary>
    protected Pending TakePeeked(FileCommand command)
    {
        _queue!.TakePeeked();
        return Answers.Arrived(command, _peeked.Sender ?? _context.System.DeadLetters);
    }

    protected long CurrentLength() => _file.CurrentLength();

    private void TakeCompletions()
    {
        while (Operations.TakeCompleted() is { } operation)
        {
            if (operation.Abandoned)
            {
                FileOperations.Recycle(operation);
            }
            else
            {
                OnDone(operation, operation.Io.Result < 0);
            }
        }
    }

    private void OnDone(FileOperation operation, bool failed)
    {
        if (!_open)
        {
            if (operation.Io.Kind == IoKind.Open)
            {
                OnOpenDone(operation, failed);
            }
            else
            {
                OnTruncatedAtOpen(operation, failed);
            }
        }
        else if (_barrier)
        {
            OnBarrierDone(operation, failed);
        }
        else if (operation.CoveredCount == 1 && operation.Covered[0].Command is Read read)
        {
            OnReadDone(operation, read, failed);
        }
        else
        {
            OnSpecificDone(operation, failed);
        }
    }

    private void OnReadDone(FileOperation operation, Read read, bool failed)
    {
        var pending = operation.Covered[0];
        var done = operation.Io.Done;
        var errno = (int)-operation.Io.Result;
        FileOperations.Recycle(operation);
        Shard.Metrics.BytesRead += done;
        if (failed)
        {
            Answers.FailKernel(pending, errno, done);
        }
        else
        {
            Answers.Succeed(pending, new DataRead(read.Token, read.Offset, read.Destination[..(int)done]));
        }
    }

    private void OnBarrierDone(FileOperation operation, bool failed)
    {
        _barrier = false;
        var pending = operation.Covered[0];
        var errno = failed ? (int)-operation.Io.Result : 0;
        FileOperations.Recycle(operation);
        if (operation.Io.Kind == IoKind.Close)
        {
            OnClosed(pending, errno);
        }
        else if (!failed)
        {
            AnswerBarrier(pending);
        }
        else if (pending.Command is Sync)
        {
            PoisonBySync(errno);
            Answers.FailKernel(pending, errno, reason: FailureReason.SyncFailed);
        }
        else
        {
            Answers.FailKernel(pending, errno);
        }
    }

    private void AnswerBarrier(in Pending pending)
    {
        switch (pending.Command)
        {
            case Sync sync:
                DurableLength = Length;
                Shard.Metrics.Syncs++;
                Answers.Succeed(pending, new Synced(sync.Token, Length));
                break;
            case Truncate truncate:
                Length = truncate.Length;
                Answers.Succeed(pending, new Truncated(truncate.Token, truncate.Length));
                break;
            case Allocate allocate:
                Answers.Succeed(pending, new Allocated(allocate.Token));
                break;
        }
    }

    private void OnSubmitRefused()
    {
        Answers.Crash ??= new InvalidOperationException(
            "the backend's mailbox does not take the file's operations (actors.engine.backend.queue-messages)");
        Context.Stop(Me);
    }

    // ------------------------------------------------------------------ poison, timeout

    /// <summary>A failed sync: the kernel may have dropped the data, and would answer a retry with success.</summary>
    protected void PoisonBySync(int errno)
    {
        var cause = $"sync of {Spawn.FullPath} failed: {Errno.Describe(errno)}; bytes {DurableLength} to {Length} are "
            + "not known to be durable. Reopen the file and write them again";
        if (!_poisonedBySync)
        {
            _poisonedBySync = true;
            Engine.Counters.CountPoisoned();
            Engine.Telemetry.Log.FilePoisoned(errno, cause);
        }

        Poison(new FileFailure(FailureReason.SyncFailed, cause, errno));
    }

    /// <summary>Fails what waits and whatever still comes, except for closing.</summary>
    private void Poison(FileFailure failure)
    {
        _poison ??= failure;
        for (var i = 0; i < Commands.Count;)
        {
            if (Commands[i].Command is Close or Abort or DrainFile)
            {
                i++;
            }
            else
            {
                Answers.Fail(Commands.RemoveAt(i), failure.Reason, failure.Cause, failure.Errno);
            }
        }
    }

    private void OnCheckTimeouts()
    {
        var limit = (long)(_timeout.TotalSeconds * Stopwatch.Frequency);
        var now = Stopwatch.GetTimestamp();
        foreach (var operation in Operations.All)
        {
            if (!operation.Idle && !operation.Abandoned && now - operation.Io.RequestedAt > limit)
            {
                OnTimedOut(operation);
            }
        }
    }

    private void OnTimedOut(FileOperation operation)
    {
        var failure = new FileFailure(
            FailureReason.TimedOut,
            $"the kernel did not finish within {_timeout.TotalMilliseconds:0} ms on {Spawn.FullPath}; the operation "
            + "may still be performed, so the file takes no further commands");
        operation.Abandoned = _abandoned = true;
        Operations.Cancel(operation);
        if (!_open)
        {
            EndOpen(failure);
            return;
        }

        foreach (ref readonly var covered in operation.Covered)
        {
            Answers.Fail(covered, failure.Reason, failure.Cause);
        }

        Poison(failure);
        if (_closing)
        {
            Context.Stop(Me);
        }
    }

    // ------------------------------------------------------------------ the end

    private void BeginClose(in Pending pending)
    {
        _closing = true;
        if (_abandoned)
        {
            // What the kernel never gave back cannot be waited for; the descriptor is closed if it ever does.
            Answers.Fail(pending, _poison!.Reason, _poison.Cause);
            Context.Stop(Me);
            return;
        }

        if (pending.Command is Abort)
        {
            Answers.FailAll(Commands, FailureReason.Closing, $"{Spawn.FullPath} was aborted");
        }

        Commands.Enqueue(pending);
    }

    private void OnClosed(in Pending pending, int errno)
    {
        // The name first, so that whoever gets the answer can open the file again; the place among the open files last,
        // so that a drain has this file's report before it counts it as gone.
        _file.Handle = null;
        _file.Unregister();
        if (pending.Command is DrainFile)
        {
            _drain = pending;
        }
        else if (errno != 0)
        {
            Answers.FailKernel(pending, errno);
        }
        else
        {
            Answers.Succeed(pending, pending.Command is Abort ? new Aborted() : new Closed(Length));
        }

        ReportDrained(errno == 0 && _poison is null);
        Release();
        Context.Stop(Me);
    }

    protected override void PostStop()
    {
        _timer?.Cancel();
        OnStopping();
        var crash = Answers.Crash;
        var reason = crash is null ? FailureReason.Closing : FailureReason.Unexpected;
        var cause = crash is null ? $"the actor of {Spawn.FullPath} stopped" : crash.Message;
        if (!_open)
        {
            Answers.FailOpen(new FileFailure(reason, cause));
        }

        foreach (var operation in Operations.All)
        {
            FailUnfinished(operation, reason, cause);
        }

        Answers.FailAll(Commands, reason, cause);
        ReportDrained(false);
        if (File is not null || Operations.Outstanding > 0)
        {
            new OrphanedFile(Shard, Operations.Pair, File, Answers.Lane, Release).Begin();
        }
        else
        {
            Release();
        }
    }

    private void FailUnfinished(FileOperation operation, FailureReason reason, string cause)
    {
        if (!operation.Idle && !operation.Abandoned)
        {
            foreach (ref readonly var covered in operation.Covered)
            {
                Answers.Fail(covered, reason, cause);
            }
        }

        if (operation.Idle || !operation.Started)
        {
            operation.ReleaseMemory();
        }
    }

    /// <summary>Reports to a drain that found the file closing already.</summary>
    private void ReportDrained(bool finished)
    {
        if (_drain is { } drain)
        {
            _drain = null;
            Answers.ReportDrained(drain.Sender, finished);
        }
    }

    private void Release()
    {
        if (!_released)
        {
            _released = true;
            if (_poisonedBySync)
            {
                Engine.Counters.CountPoisonedClosed();
            }

            _file.Unregister();
            Engine.Coordinator.Tell(new FileReleased(Spawn.Id, Shard.Index), Me);
        }
    }
}
