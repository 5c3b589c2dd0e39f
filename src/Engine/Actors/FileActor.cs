using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using Actors.Engine.Backpressure;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Memory;
using Actors.Engine.Scheduling;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// What writers and readers have in common: opening, the queue of commands, positional reads, barriers, closing, and the
/// rule that every command is answered exactly once. Lives on its shard's thread, as its backend and driver do.
/// </summary>
/// <remarks>
/// States: opening -> open -> closing (a Close, Abort or drain has been taken) -> stopped. Commands wait in order of
/// arrival; the head starts when it may, and a head that may not holds back what is behind it. Whatever ends the actor,
/// <see cref="PostStop"/> answers what is left, and <see cref="OrphanedFile"/> closes the descriptor once the kernel has
/// given everything back.
/// </remarks>
internal abstract class FileActor : UntypedActor, IQueuePairOwner
{
    private readonly IActorRef _backend;
    private readonly IActorRef _self;
    private readonly Submit _submit;
    private readonly BoundedMessageQueue? _queue;
    private readonly List<FileOperation> _operations = [];
    private readonly TimeSpan _timeout;
    private readonly int _inFlightMax;
    private FileHandle? _file;
    private FileIdentity? _registered;
    private ICancelable? _timer;
    private bool _barrier;
    private bool _closing;
    private bool _waitsForBuffer;
    private bool _released;
    private bool _abandoned;
    private long _acknowledged;
    private long _unacknowledged;
    private (FailureReason Reason, string Cause, int Errno)? _poison;
    private Exception? _crash;

    protected FileActor(FileEngine engine, Shard shard, SpawnFile spawn, IActorRef backend)
    {
        Engine = engine;
        Shard = shard;
        Spawn = spawn;
        Options = spawn.Open.Options ?? new OpenOptions();
        Pair = new QueuePair(this);
        _backend = backend;
        _self = Self;
        _submit = new Submit(Pair);
        _queue = BoundedMessageQueue.Of(Context);
        _timeout = Options.OperationTimeout ?? engine.Settings.File.OperationTimeout;
        _inFlightMax = Math.Min(Options.InFlight ?? engine.Settings.File.InFlight, engine.Settings.Backend.InFlight);
    }

    protected FileEngine Engine { get; }

    protected Shard Shard { get; }

    protected SpawnFile Spawn { get; }

    protected OpenOptions Options { get; }

    protected QueuePair Pair { get; }

    protected PendingCommands Commands { get; } = new();

    /// <summary>The file's length as far as this actor knows: what it found, plus what it wrote.</summary>
    protected long Length { get; set; }

    protected FileHandle? File => _file;

    protected bool IsRegular { get; private set; }

    /// <summary>True while a positional operation more may be started.</summary>
    protected bool HasRoom => Pair.Outstanding < _inFlightMax;

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
            _crash = e;
            Context.Stop(_self);
        }
    }

    void IQueuePairOwner.OnCompleted(QueuePair pair) => _self.Tell(IoCompleted.Instance, _backend);

    private void Handle(object message)
    {
        switch (message)
        {
            case IoCompleted:
                TakeCompletions();
                break;
            case FileCommand command:
                Accept(command);
                break;
            case BufferAvailable:
                _waitsForBuffer = false;
                break;
            case SubmitRefused refused:
                OnSubmitRefused(refused);
                return;
            case CheckTimeouts:
                OnCheckTimeouts();
                return;
            case DrainExpired:
                Context.Stop(_self);
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
        if (!OperatingSystem.IsLinux())
        {
            OpenPortably();
            return;
        }

        if (Engine.RefuseOpen(Options) is { } refusal)
        {
            FailOpen(FailureReason.NotSupported, refusal);
            return;
        }

        var operation = Rent(IoKind.Open, null);
        operation.SetPath(Spawn.FullPath);
        operation.Io.Flags = LinuxFiles.OpenFlags(Spawn.Open.Mode, Options.Direct);
        operation.Io.Mode = (int)Options.CreateMode;
        Start(operation);
    }

    [SupportedOSPlatform("linux")]
    private void OnOpened(FileOperation operation)
    {
        var result = operation.Io.Result;
        Recycle(operation);
        if (result < 0)
        {
            FailOpen("open", (int)-result);
            return;
        }

        _file = new FileHandle((int)result);
        var error = LinuxFiles.TryGetFacts(_file.Descriptor, out var facts);
        if (error < 0)
        {
            FailOpen("statx", -error);
        }
        else if (!facts.IsRegular && !(facts.IsCharacterDevice && Spawn.Open.Mode != OpenMode.Read))
        {
            FailOpen(FailureReason.NotARegularFile, $"{Spawn.FullPath} is not a regular file");
        }
        else if ((error = LinuxFiles.MakeBlocking(_file.Descriptor, Options.Direct)) < 0)
        {
            FailOpen("fcntl", -error);
        }
        else if (Register(facts.Identity) && Lock(_file.Descriptor))
        {
            IsRegular = facts.IsRegular;
            Length = facts.Length;
            TruncateOrFinishOpen();
        }
    }

    private void OpenPortably()
    {
        try
        {
            _file = PortableCalls.Open(Spawn.FullPath, Spawn.Open.Mode, Options.CreateMode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            FailOpen(CompletionDecision.ReasonOf(PortableCalls.ErrnoOf(e)), e.Message);
            return;
        }

        if (Options.Direct || Options.AdvisoryLock)
        {
            FailOpen(FailureReason.NotSupported, "direct I/O and advisory locks are for Linux only");
        }
        else if (Register(new FileIdentity(0, 0, Spawn.FullPath)))
        {
            IsRegular = true;
            Length = RandomAccess.GetLength(_file.Safe!);
            TruncateOrFinishOpen();
        }
    }

    private bool Register(FileIdentity identity)
    {
        if (Spawn.Open.Mode == OpenMode.Read)
        {
            return true;
        }

        if (Engine.Writers.TryAdd(identity, Spawn.FullPath))
        {
            _registered = identity;
            return true;
        }

        Engine.Writers.TryGetValue(identity, out var other);
        FailOpen(
            FailureReason.AlreadyOpen,
            $"{Spawn.FullPath} is already open for writing in this engine"
            + (other == Spawn.FullPath ? "" : $", as {other}"));
        return false;
    }

    [SupportedOSPlatform("linux")]
    private bool Lock(int descriptor)
    {
        var error = Options.AdvisoryLock ? LinuxFiles.TryLock(descriptor) : 0;
        if (error == -Errno.EAGAIN)
        {
            FailOpen(FailureReason.Locked, $"another process holds the lock on {Spawn.FullPath}");
        }
        else if (error < 0)
        {
            FailOpen("flock", -error);
        }

        return error == 0;
    }

    private void TruncateOrFinishOpen()
    {
        if (Spawn.Open.Mode != OpenMode.Write || Length == 0 || !IsRegular)
        {
            FinishOpen();
            return;
        }

        Length = 0;
        var operation = Rent(IoKind.Truncate, _file);
        Start(operation);
    }

    private void FinishOpen()
    {
        Engine.Coordinator.Tell(new FileOpened(Spawn.Id, _self), _self);
        var file = Engine.Settings.File;
        IsOpen = true;
        Spawn.Client.Tell(
            new Opened(
                Spawn.Open.Path, Spawn.Open.Mode, Length, file.CreditMessages, file.CreditBytes, Shard.Index,
                Shard.DispatcherId, Engine.Backend),
            _self);
    }

    /// <summary>True from the answer to Open to the end.</summary>
    private bool IsOpen { get; set; }

    private void FailOpen(string call, int errno) => FailOpen(
        CompletionDecision.ReasonOf(errno), $"{call} {Spawn.FullPath}: {Errno.Describe(errno)}", errno);

    private void FailOpen(FailureReason reason, string cause, int errno = 0)
    {
        IsOpen = true;
        Shard.Metrics.Failures++;
        Spawn.Client.Tell(new CommandFailed(Spawn.Open, reason, cause, errno), _self);
        Context.Stop(_self);
    }

    // ------------------------------------------------------------------ commands

    /// <summary>The commands that only some files take. False: the head may not start yet. The head has been dequeued
    /// when it has started or has been answered.</summary>
    protected abstract bool TryStartSpecific(FileCommand head);

    /// <summary>An operation that <see cref="TryStartSpecific"/> started has come back.</summary>
    protected abstract void OnSpecificDone(FileOperation operation, bool failed);

    /// <summary>Whether this kind of file takes the command at all.</summary>
    protected abstract bool Takes(FileCommand command);

    /// <summary>Nothing more can be started now; answers that were held back may have to go.</summary>
    protected virtual void OnAdvanced()
    {
    }

    private void Accept(FileCommand command)
    {
        var metrics = Shard.Metrics;
        var pending = new Pending(command, Sender, metrics.NextTimestamp());
        if (_queue is not null && _queue.UnansweredMessages > metrics.MailboxHighWater)
        {
            metrics.MailboxHighWater = _queue.UnansweredMessages;
        }

        if (command is Cancel cancel)
        {
            OnCancel(pending, cancel);
        }
        else if (_closing)
        {
            Fail(pending, FailureReason.Closing, $"{Spawn.FullPath} is closing");
        }
        else if (_abandoned && command is Close or Abort or DrainFile)
        {
            // What the kernel never gave back cannot be waited for; the descriptor is closed if it ever does.
            Fail(pending, _poison!.Value.Reason, _poison.Value.Cause);
            Context.Stop(_self);
        }
        else if (command is Close or DrainFile)
        {
            _closing = true;
            Commands.Enqueue(pending);
        }
        else if (command is Abort)
        {
            _closing = true;
            FailAllPending(FailureReason.Closing, $"{Spawn.FullPath} was aborted");
            Commands.Enqueue(pending);
        }
        else if (_poison is { } poison)
        {
            Fail(pending, poison.Reason, poison.Cause, poison.Errno);
        }
        else if (!Takes(command))
        {
            Fail(
                pending, FailureReason.NotSupported,
                $"{command.GetType().Name} does not apply to a file opened for {Spawn.Open.Mode}");
        }
        else
        {
            Commands.Enqueue(pending);
        }
    }

    private void Advance()
    {
        while (Commands.Count > 0 && !_barrier && IsOpen && TryStart(Commands.Head.Command))
        {
        }

        OnAdvanced();
    }

    private bool TryStart(FileCommand head) => head switch
    {
        Read read => TryStartRead(read),
        Sync sync => TryStartBarrier(sync.Scope == SyncScope.Data ? IoKind.DataSync : IoKind.Sync, 0, 0),
        Truncate truncate => TryStartBarrier(IoKind.Truncate, 0, truncate.Length),
        Allocate allocate => TryStartBarrier(IoKind.Allocate, allocate.Offset, allocate.Length),
        Close or Abort or DrainFile => TryStartClose(),
        _ => TryStartSpecific(head),
    };

    private bool TryStartRead(Read read)
    {
        if (!HasRoom)
        {
            return false;
        }

        var pending = Commands.Dequeue();
        if (read.Offset < 0)
        {
            Fail(pending, FailureReason.InvalidArgument, $"offset {read.Offset} is negative");
            return true;
        }

        if (read.Destination.IsEmpty)
        {
            Succeed(pending, new DataRead(read.Token, read.Offset, default));
            return true;
        }

        var operation = Rent(IoKind.Read, _file);
        operation.Pin(read.Destination);
        operation.Io.Offset = read.Offset;
        operation.Cover(pending);
        Start(operation);
        return true;
    }

    private bool TryStartBarrier(IoKind kind, long offset, long length)
    {
        if (Pair.Outstanding > 0)
        {
            return false;
        }

        var pending = Commands.Dequeue();
        if (offset < 0 || length < 0 || (kind == IoKind.Allocate && length == 0))
        {
            Fail(pending, FailureReason.InvalidArgument, $"offset {offset}, length {length} is out of range");
            return true;
        }

        var operation = Rent(kind, _file);
        operation.Io.Offset = offset;
        operation.Io.Length = length;
        operation.Cover(pending);
        _barrier = true;
        Start(operation);
        return true;
    }

    private bool TryStartClose()
    {
        if (Pair.Outstanding > 0)
        {
            return false;
        }

        var operation = Rent(IoKind.Close, _file);
        operation.Cover(Commands.Dequeue());
        _barrier = true;
        Start(operation);
        return true;
    }

    private void OnCancel(in Pending pending, Cancel cancel)
    {
        for (var i = 0; i < Commands.Count; i++)
        {
            if (TokenOf(Commands[i].Command) == cancel.Token)
            {
                Fail(Commands.RemoveAt(i), FailureReason.Cancelled, "taken back by Cancel");
                Succeed(pending, new Cancelled(cancel.Token, CancelOutcome.TakenBack));
                return;
            }
        }

        var outcome = CancelOutcome.NotFound;
        foreach (var operation in _operations)
        {
            if (!operation.Idle && Covers(operation, cancel.Token))
            {
                outcome = CancelOutcome.InFlight;
                _backend.Tell(new CancelOperation(operation.Io), _self);
                break;
            }
        }

        Succeed(pending, new Cancelled(cancel.Token, outcome));
    }

    private static bool Covers(FileOperation operation, long token)
    {
        foreach (ref readonly var covered in operation.Covered)
        {
            if (TokenOf(covered.Command) == token)
            {
                return true;
            }
        }

        return false;
    }

    private static long? TokenOf(FileCommand command) => command switch
    {
        Write write => write.Token,
        Read read => read.Token,
        Sync sync => sync.Token,
        Truncate truncate => truncate.Token,
        Allocate allocate => allocate.Token,
        Demand demand => demand.Token,
        ReadAll readAll => readAll.Token,
        _ => null,
    };

    // ------------------------------------------------------------------ operations

    /// <summary>An operation object of this file that is free.</summary>
    protected FileOperation Rent(IoKind kind, FileHandle? file)
    {
        FileOperation? free = null;
        foreach (var operation in _operations)
        {
            if (operation.Idle)
            {
                free = operation;
                break;
            }
        }

        if (free is null)
        {
            free = new FileOperation();
            _operations.Add(free);
        }

        free.Prepare(kind, file);
        return free;
    }

    /// <summary>Queues an operation and sees to it that the backend looks.</summary>
    protected void Start(FileOperation operation)
    {
        Pair.Submit(operation.Io);
        if (!Pair.Announced)
        {
            Pair.Announced = true;
            _backend.Tell(_submit, _self);
        }

        if (_timeout > TimeSpan.Zero && _timer is null)
        {
            operation.Io.RequestedAt = operation.Io.RequestedAt == 0 ? Stopwatch.GetTimestamp() : operation.Io.RequestedAt;
            var interval = TimeSpan.FromTicks(Math.Max(_timeout.Ticks / 4, TimeSpan.TicksPerMillisecond));
            _timer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
                interval, interval, _self, CheckTimeouts.Instance, ActorRefs.NoSender);
        }
        else if (_timer is not null && operation.Io.RequestedAt == 0)
        {
            operation.Io.RequestedAt = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>A pooled buffer; when there is none, this actor is told once there is, and tries again.</summary>
    protected bool TryRentSlab(int size, [NotNullWhen(true)] out Slab? slab)
    {
        slab = Shard.Buffers.TryRent(size);
        if (slab is null && !_waitsForBuffer)
        {
            _waitsForBuffer = true;
            Shard.WaitForBuffer(_self);
        }

        return slab is not null;
    }

    /// <summary>Asks the system for the file's length; for readers, whose file may grow.</summary>
    protected void RefreshLength()
    {
        if (_file!.Safe is { } handle)
        {
            Length = RandomAccess.GetLength(handle);
        }
        else if (OperatingSystem.IsLinux() && LinuxFiles.TryGetFacts(_file.Descriptor, out var facts) == 0)
        {
            Length = facts.Length;
        }
    }

    /// <summary>Gives an operation's memory back and frees it for reuse.</summary>
    protected void Recycle(FileOperation operation, bool keepSlab = false)
    {
        operation.ReleaseMemory(keepSlab);
        operation.Finish();
    }

    private void TakeCompletions()
    {
        while (Pair.TakeCompleted() is { } io)
        {
            OnDone((FileOperation)io.State!);
        }
    }

    private void OnDone(FileOperation operation)
    {
        if (operation.Abandoned)
        {
            Recycle(operation);
            return;
        }

        var failed = operation.Io.Result < 0;
        switch (operation.Io.Kind)
        {
            case IoKind.Open when OperatingSystem.IsLinux():
                OnOpened(operation);
                break;
            case IoKind.Truncate when !IsOpen:
                OnTruncatedAtOpen(operation, failed);
                break;
            case IoKind.Read when operation.CoveredCount == 1 && operation.Covered[0].Command is Read:
                OnReadDone(operation, failed);
                break;
            case IoKind.Truncate or IoKind.Allocate or IoKind.Close:
            case IoKind.Sync or IoKind.DataSync when operation.BytesWritten == 0:
                OnBarrierDone(operation, failed);
                break;
            default:
                OnSpecificDone(operation, failed);
                break;
        }
    }

    private void OnTruncatedAtOpen(FileOperation operation, bool failed)
    {
        var errno = (int)-operation.Io.Result;
        Recycle(operation);
        if (failed)
        {
            FailOpen("ftruncate", errno);
        }
        else
        {
            FinishOpen();
        }
    }

    private void OnReadDone(FileOperation operation, bool failed)
    {
        var pending = operation.Covered[0];
        var read = (Read)pending.Command;
        var done = operation.Io.Done;
        var errno = (int)-operation.Io.Result;
        Recycle(operation);
        if (failed)
        {
            FailKernel(pending, errno, done);
            return;
        }

        Shard.Metrics.BytesRead += done;
        Succeed(pending, new DataRead(read.Token, read.Offset, read.Destination[..(int)done]));
    }

    private void OnBarrierDone(FileOperation operation, bool failed)
    {
        _barrier = false;
        var pending = operation.Covered[0];
        var kind = operation.Io.Kind;
        var errno = (int)-operation.Io.Result;
        Recycle(operation);
        if (kind == IoKind.Close)
        {
            // The name first, so that whoever gets the answer can open the file again; the place among the open files
            // last, so that a drain has this file's report before it counts it as gone.
            _file = null;
            Unregister();
            AnswerClose(pending, failed ? errno : 0);
            Release();
            Context.Stop(_self);
        }
        else if (failed)
        {
            if (kind is IoKind.Sync or IoKind.DataSync)
            {
                PoisonBySync(errno);
            }

            FailKernel(pending, errno, 0, kind is IoKind.Sync or IoKind.DataSync ? FailureReason.SyncFailed : null);
        }
        else
        {
            AnswerBarrier(pending);
        }
    }

    private void AnswerBarrier(in Pending pending)
    {
        switch (pending.Command)
        {
            case Sync sync:
                DurableLength = Length;
                Succeed(pending, new Synced(sync.Token, Length));
                break;
            case Truncate truncate:
                Length = truncate.Length;
                Succeed(pending, new Truncated(truncate.Token, truncate.Length));
                break;
            case Allocate allocate:
                Succeed(pending, new Allocated(allocate.Token));
                break;
        }
    }

    private void AnswerClose(in Pending pending, int errno)
    {
        if (pending.Command is DrainFile)
        {
            ReportDrained(pending.Sender, errno == 0 && _poison is null);
        }
        else if (errno != 0)
        {
            FailKernel(pending, errno, 0);
        }
        else
        {
            Succeed(pending, pending.Command is Abort ? new Aborted() : new Closed(Length));
        }
    }

    private void OnSubmitRefused(SubmitRefused refused)
    {
        Pair.Announced = false;
        while (Pair.TakeSubmission() is { } io)
        {
            // The queue pair hands it back as if it had been in the kernel, so that memory and counts come right.
            io.Result = -Errno.EBUSY;
            Pair.Complete(io);
        }

        _crash ??= refused.Reason == FailureReason.MailboxFull
            ? new InvalidOperationException("the backend's mailbox is full (actors.engine.backend.queue-messages)")
            : null;
        Context.Stop(_self);
    }

    // ------------------------------------------------------------------ poison, timeout

    /// <summary>The length up to which a sync has succeeded.</summary>
    protected long DurableLength { get; private set; }

    /// <summary>A failed sync: the kernel may have dropped the data, and would answer a retry with success.</summary>
    protected void PoisonBySync(int errno) => Poison(
        FailureReason.SyncFailed,
        $"sync of {Spawn.FullPath} failed: {Errno.Describe(errno)}; bytes {DurableLength} to {Length} are not known to "
        + "be durable. Reopen the file and write them again",
        errno);

    private void Poison(FailureReason reason, string cause, int errno)
    {
        _poison ??= (reason, cause, errno);
        for (var i = 0; i < Commands.Count;)
        {
            if (Commands[i].Command is Close or Abort or DrainFile)
            {
                i++;
            }
            else
            {
                Fail(Commands.RemoveAt(i), reason, cause, errno);
            }
        }
    }

    private void OnCheckTimeouts()
    {
        var limit = (long)(_timeout.TotalSeconds * Stopwatch.Frequency);
        var now = Stopwatch.GetTimestamp();
        foreach (var operation in _operations)
        {
            if (operation.Idle || operation.Abandoned || operation.Io.RequestedAt == 0
                || now - operation.Io.RequestedAt < limit)
            {
                continue;
            }

            _backend.Tell(new CancelOperation(operation.Io), _self);
            var cause = $"the kernel did not finish within {_timeout.TotalMilliseconds:0} ms on {Spawn.FullPath}; the "
                + "operation may still be performed, so the file takes no further commands";
            operation.Abandoned = _abandoned = true;
            foreach (ref readonly var covered in operation.Covered)
            {
                Fail(covered, FailureReason.TimedOut, cause);
            }

            if (!IsOpen)
            {
                FailOpen(FailureReason.TimedOut, cause);
                return;
            }

            Poison(FailureReason.TimedOut, cause, 0);
        }
    }

    // ------------------------------------------------------------------ answers

    protected void Succeed(in Pending pending, EngineEvent answer)
    {
        Count(pending, true);
        pending.Sender.Tell(answer, _self);
    }

    protected void FailKernel(in Pending pending, int errno, long bytesDone, FailureReason? reason = null) => Fail(
        pending, reason ?? CompletionDecision.ReasonOf(errno),
        $"{pending.Command.GetType().Name} on {Spawn.FullPath}: {Errno.Describe(errno)}", errno, bytesDone);

    protected void Fail(
        in Pending pending, FailureReason reason, string cause, int errno = 0, long bytesDone = 0)
    {
        Count(pending, false);
        if (pending.Command is DrainFile)
        {
            ReportDrained(pending.Sender, false);
            return;
        }

        pending.Sender.Tell(
            new CommandFailed(
                pending.Command, reason, cause, errno, bytesDone,
                reason == FailureReason.Unexpected ? _crash : null),
            _self);
    }

    /// <summary>Counts an answer without sending it; for answers that cover several commands.</summary>
    protected void Count(in Pending pending, bool succeeded)
    {
        var metrics = Shard.Metrics;
        if (succeeded)
        {
            metrics.Operations++;
            _acknowledged++;
        }
        else
        {
            metrics.Failures++;
            _unacknowledged++;
        }

        if (pending.ArrivedAt != 0)
        {
            metrics.Total.RecordSince(pending.ArrivedAt);
        }

        if (pending.Command is not DrainFile)
        {
            _queue?.Answered(1, pending.Command.QueuedBytes);
        }
    }

    private void FailAllPending(FailureReason reason, string cause)
    {
        while (Commands.Count > 0)
        {
            Fail(Commands.Dequeue(), reason, cause);
        }
    }

    private void ReportDrained(IActorRef coordinator, bool finished) => coordinator.Tell(
        new FileDrained(Spawn.Id, new DrainedFile(Spawn.FullPath, _acknowledged, _unacknowledged, finished)), _self);

    // ------------------------------------------------------------------ the end

    protected override void PostStop()
    {
        _timer?.Cancel();
        OnStopping();
        var reason = _crash is null ? FailureReason.Closing : FailureReason.Unexpected;
        var cause = _crash is null ? $"the actor of {Spawn.FullPath} stopped" : _crash.Message;
        if (!IsOpen)
        {
            FailOpen(reason, cause);
        }

        foreach (var operation in _operations)
        {
            if (operation.Idle)
            {
                operation.ReleaseSlab();
            }
            else if (!operation.Abandoned)
            {
                foreach (ref readonly var covered in operation.Covered)
                {
                    Fail(covered, reason, cause);
                }
            }
        }

        FailAllPending(reason, cause);
        if (_file is not null || Pair.Outstanding > 0)
        {
            new OrphanedFile(Shard, Pair, _file, Release).Begin();
        }
        else
        {
            Release();
        }
    }

    /// <summary>Answers that were held back must go now; memory that no operation holds must be given back.</summary>
    protected virtual void OnStopping()
    {
    }

    private void Unregister()
    {
        if (_registered is { } identity)
        {
            _registered = null;
            Engine.Writers.TryRemove(identity, out _);
        }
    }

    private void Release()
    {
        if (_released)
        {
            return;
        }

        _released = true;
        Unregister();
        Engine.Coordinator.Tell(new FileReleased(Spawn.Id, Shard.Index), _self);
    }
}
