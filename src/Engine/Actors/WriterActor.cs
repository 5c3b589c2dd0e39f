using System.Buffers;
using System.Runtime.InteropServices;
using Actors.Engine.Drivers;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// A file open for writing. Appends are in the kernel one at a time and so land in order; with coalescing, what has
/// queued up meanwhile goes into the next kernel write together. Positional writes run beside each other, and beside an
/// append when they stay within the file.
/// </summary>
/// <remarks>
/// Small data is copied into one pooled slab per operation when its turn comes; large data, and any while there is no
/// slab, is pinned where it is. A slab stays with the writer while more commands wait, and goes back to the pool when
/// none do.
/// </remarks>
internal sealed partial class WriterActor : FileActor
{
    private readonly bool _coalesce;
    private readonly bool _cumulative;
    private readonly Durability _durability;
    private readonly int _bufferSize;
    private readonly int _acknowledgeAfter;

    // Writes that were performed and that the sync in the kernel, if any, is not for.
    private readonly List<Pending> _unsynced = [];
    private FileOperation? _sync;
    private bool _appending;
    private bool _keepsSlabs;

    public WriterActor(FileEngine engine, Shard shard, SpawnFile spawn, IActorRef backend)
        : base(engine, shard, spawn, backend)
    {
        var settings = engine.Settings.Writer;
        _coalesce = Options.Coalesce ?? settings.Coalesce;
        _cumulative = (Options.Acknowledge ?? settings.Acknowledge) == AcknowledgeMode.Cumulative;
        _durability = Options.Durability ?? settings.Durability;
        _bufferSize = settings.BufferSize;

        // A quarter of the window: the sender can go on while three quarters are still on their way.
        _acknowledgeAfter = Math.Max(1, engine.Settings.File.CreditMessages / 4);
    }

    protected override bool Takes(FileCommand command) => command switch
    {
        Write or Sync or Truncate or Allocate => true,
        Read => Spawn.Open.Mode.CanRead(),
        _ => false,
    };

    protected override bool TryStartSpecific(FileCommand head)
    {
        var write = (Write)head;
        var append = write.Offset == Write.Append;
        if (append ? _appending : !HasRoom)
        {
            return false;
        }

        if (EndIsMoving(write, append))
        {
            return false;
        }

        if (write.Offset < Write.Append)
        {
            Answers.Fail(Commands.Dequeue(), FailureReason.InvalidArgument, $"offset {write.Offset} is negative");
            return true;
        }

        if (!append && RefusesPositions())
        {
            return true;
        }

        var offset = append && File!.IsDirect ? CurrentLength() : Math.Max(0, write.Offset);
        if (Misalignment(offset, write.Data.Length) is { } cause)
        {
            Answers.Fail(Commands.Dequeue(), FailureReason.InvalidArgument, cause);
            return true;
        }

        return TryStartWrite(write, append);
    }

    /// <summary>An append lands at the end of the file, which a positional write beyond it moves. With both in the kernel
    /// one can overwrite the other, so they take turns, in order of arrival.</summary>
    private bool EndIsMoving(Write write, bool append)
    {
        var end = append ? Operations.LargestWriteEnd : _appending ? write.Offset + write.Data.Length : 0;
        return end != 0 && !(TryGetLength(out var length) && end <= length);
    }

    private bool TryStartWrite(Write write, bool append)
    {
        var operation = Operations.Rent(IoKind.Write, File);
        operation.Io.Append = append;
        operation.Io.Offset = append ? 0 : write.Offset;
        var inPlace = write.Data.Length > _bufferSize;
        if (!inPlace && !TryFill(operation, append))
        {
            inPlace = CanWriteInPlace(write.Data);
            if (!inPlace)
            {
                operation.Finish();
                return false;
            }
        }

        if (inPlace)
        {
            operation.ReleaseSlab();
            if (!TryPinHead(operation, write.Data))
            {
                return true;
            }
        }

        if (operation.CoveredCount == 0)
        {
            // The memory of all that were tried is gone, and they have been told.
            Recycle(operation);
            return true;
        }

        if (operation.Io.Length == 0)
        {
            // Nothing for the kernel to do; answered in its place.
            operation.Io.Result = operation.Io.Done = 0;
            Complete(operation);
            return true;
        }

        _appending |= append;
        operation.WriteEnd = append ? 0 : operation.Io.Offset + operation.Io.Length;
        Start(operation);
        return true;
    }

    /// <summary>With the pool used up, data is written where it is: what uses up the pool may be chunks that come back only
    /// when the data is written.</summary>
    private unsafe bool CanWriteInPlace(ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty || !File!.IsDirect)
        {
            return !data.IsEmpty;
        }

        try
        {
            using var pin = data.Pin();
            return ((nint)pin.Pointer & (File.Alignment.Memory - 1)) == 0;
        }
        catch (Exception)
        {
            // The attempt to write it tells the client.
            return true;
        }
    }

    /// <summary>Copies the head, and with coalescing what follows it directly, into the operation's slab.</summary>
    private unsafe bool TryFill(FileOperation operation, bool append)
    {
        if (operation.Slab is null)
        {
            if (!TryRentSlab(_bufferSize, out var slab))
            {
                return false;
            }

            operation.Slab = slab;
        }

        operation.Io.Buffer = operation.Slab.Pointer;
        var first = (Write)Commands.Head.Command;
        if (TryCopy(operation, Commands.Dequeue()) && _coalesce && (append || !_appending))
        {
            Gather(operation, append ? Write.Append : first.Offset + first.Data.Length);
        }

        return true;
    }

    /// <summary>Takes a command's data into the operation, or answers the command when its memory is gone.</summary>
    private bool TryCopy(FileOperation operation, in Pending pending)
    {
        var data = ((Write)pending.Command).Data;
        if (!MemoryMarshal.TryGetMemoryManager(data, out MemoryManager<byte>? _))
        {
            operation.Append(data.Span);
        }
        else if (!TryCopyForeign(operation, pending, data))
        {
            return false;
        }

        operation.Cover(pending);
        return true;
    }

    /// <summary>Memory of a manager is its owner's code, which may throw.</summary>
    private bool TryCopyForeign(FileOperation operation, in Pending pending, ReadOnlyMemory<byte> data)
    {
        try
        {
            operation.Append(data.Span);
            return true;
        }
        catch (Exception e)
        {
            Answers.Fail(pending, FailureReason.InvalidArgument, GoneMemory(e));
            return false;
        }
    }

    /// <summary>Copies what follows directly into the operation's slab: what waits here, then what still waits in the
    /// mailbox. The latter costs a fraction of a message that the actor is called for.</summary>
    private void Gather(FileOperation operation, long next)
    {
        var alignment = File!.Alignment;
        while (true)
        {
            var room = _bufferSize - operation.Io.Length;
            Pending pending;
            if (Commands.Count == 0)
            {
                if (!TryTakeAlong(next, room, alignment, out pending))
                {
                    return;
                }
            }
            else if (Joins(Commands.Head.Command, next, room, alignment))
            {
                pending = Commands.Dequeue();
            }
            else
            {
                return;
            }

            if (!TryCopy(operation, pending))
            {
                return;
            }

            next = next == Write.Append ? next : next + ((Write)pending.Command).Data.Length;
        }
    }

    private static bool Joins(FileCommand command, long next, long room, IoAlignment alignment) =>
        command is Write write && write.Offset == next && write.Data.Length <= room
        && alignment.Allows(0, write.Data.Length);

    private bool TryTakeAlong(long next, long room, IoAlignment alignment, out Pending pending)
    {
        if (PeekMessage() is FileCommand command && Joins(command, next, room, alignment))
        {
            pending = TakePeeked(command);
            return true;
        }

        pending = default;
        return false;
    }

    protected override void OnSpecificDone(FileOperation operation, bool failed)
    {
        if (operation == _sync)
        {
            OnSynced(operation, failed);
        }
        else if (failed)
        {
            FailWrite(operation);
        }
        else if (_durability == Durability.None)
        {
            Complete(operation);
        }
        else
        {
            Shard.Metrics.BytesWritten += operation.Io.Done;
            _unsynced.AddRange(operation.Covered);
            Recycle(operation);
            SyncNext();
        }
    }

    /// <summary>One sync at a time, for all writes that have been performed by then. Of two at a time one could fail,
    /// and the kernel forget the other's data before that one succeeds: it reports a failure once. An operation of its
    /// own, so that the cancel of a write does not reach what others wait for.</summary>
    private void SyncNext()
    {
        if (_sync is not null || _unsynced.Count == 0)
        {
            return;
        }

        if (SyncFailure is { } failure)
        {
            FailUnsynced(failure);
            return;
        }

        _sync = Operations.Rent(_durability == Durability.Sync ? IoKind.Sync : IoKind.DataSync, File);
        foreach (var pending in _unsynced)
        {
            _sync.Cover(pending);
            _sync.BytesWritten += pending.Command.QueuedBytes;
        }

        _unsynced.Clear();
        Start(_sync);
    }

    private void OnSynced(FileOperation operation, bool failed)
    {
        _sync = null;
        if (!failed)
        {
            Shard.Metrics.Syncs++;
            foreach (ref readonly var covered in operation.Covered)
            {
                Acknowledge(new ReadOnlySpan<Pending>(in covered));
            }
        }
        else
        {
            FailSync(operation);
        }

        // A durable append is over only now: what came meanwhile was gathered behind it.
        foreach (ref readonly var covered in operation.Covered)
        {
            _appending &= covered.Command is not Write { Offset: Write.Append };
        }

        FileOperations.Recycle(operation);
        SyncNext();
    }

    private void FailSync(FileOperation operation)
    {
        var errno = (int)-operation.Io.Result;
        var wasTried = !WasTakenBack(operation);
        if (wasTried)
        {
            PoisonBySync(errno);
        }

        SendHeld();
        foreach (ref readonly var covered in operation.Covered)
        {
            Answers.FailKernel(
                covered, errno, covered.Command.QueuedBytes,
                wasTried ? FailureReason.SyncFailed : null);
        }
    }

    protected override void OnAbandoned(FileFailure failure) => FailUnsynced(failure);

    /// <summary>Fails the writes that are in the file and will not be synced.</summary>
    private void FailUnsynced(FileFailure failure)
    {
        foreach (var pending in _unsynced)
        {
            Answers.Fail(pending, failure.Reason, failure.Cause, failure.Errno, pending.Command.QueuedBytes);
        }

        _unsynced.Clear();
        _appending = false;
    }

    private void Complete(FileOperation operation)
    {
        Shard.Metrics.BytesWritten += operation.Io.Done;
        Acknowledge(operation.Covered);
        EndWrite(operation);
    }

    /// <summary>Part of a gathered write may be in the file: whole commands of that part were performed.</summary>
    private void FailWrite(FileOperation operation)
    {
        var errno = (int)-operation.Io.Result;
        var done = operation.Io.Done;
        Shard.Metrics.BytesWritten += done;
        foreach (ref readonly var covered in operation.Covered)
        {
            var size = covered.Command.QueuedBytes;
            var performed = Math.Min(done, size);
            done -= performed;
            if (performed == size && _durability == Durability.None)
            {
                Acknowledge(new ReadOnlySpan<Pending>(in covered));
            }
            else
            {
                // Without durability only what is not in the file has failed; with it, what was not synced has too.
                SendHeld();
                Answers.FailKernel(covered, errno, performed);
            }
        }

        EndWrite(operation);
    }

    private void EndWrite(FileOperation operation)
    {
        _appending &= !operation.Io.Append;
        Recycle(operation);
    }

    private void Recycle(FileOperation operation)
    {
        _keepsSlabs |= Commands.Count > 0;
        FileOperations.Recycle(operation, keepSlab: Commands.Count > 0);
    }
}
