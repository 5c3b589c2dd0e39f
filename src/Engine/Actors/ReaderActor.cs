using System.Numerics;
using Actors.Engine.Drivers;
using Actors.Engine.Memory;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// A file open for reading: positional reads, the whole file, and sequential reading by demand. A sequential read fills
/// a pooled slab, which goes to the client as it is; the client's <c>Dispose</c> brings it back. For lines, what
/// follows the last newline is carried to the front of the next slab. Direct I/O wants aligned positions and memory:
/// the read then begins at or before the cursor, and the content within the slab wherever that leads.
/// </summary>
internal sealed class ReaderActor : FileActor
{
    private readonly int _chunkSize;
    private readonly int _lineSizeMax;
    private Slab? _slab;
    private int _start;
    private int _filled;
    private byte[] _carry = [];
    private int _carried;
    private long _cursor;
    private long _lineNumber;
    private int _delivered;
    private bool _reading;
    private bool _endOfFile;

    public ReaderActor(FileEngine engine, Shard shard, SpawnFile spawn, IActorRef backend)
        : base(engine, shard, spawn, backend)
    {
        _chunkSize = Options.ChunkSize ?? engine.Settings.Reader.ChunkSize;

        // A line needs a buffer of up to twice its size, a power of two, which the pool must be able to give at all.
        var largest = 1L << BitOperations.Log2((ulong)shard.Buffers.BytesMax);
        _lineSizeMax = (int)Math.Min(engine.Settings.Reader.LineSizeMax, largest / 2);
    }

    protected override bool Takes(FileCommand command) => command is Read or Demand or ReadAll;

    protected override bool TryStartSpecific(FileCommand head) => head switch
    {
        Demand demand => TryStartDemand(demand),
        _ => TryStartReadAll(),
    };

    // ------------------------------------------------------------------ by demand

    /// <summary>One step of the demand at the head: deliver what has been read, or read more, or answer. It stays the
    /// head until it is met, since the file's order is the order of answers.</summary>
    private bool TryStartDemand(Demand demand)
    {
        if (_reading)
        {
            return false;
        }

        if (demand.Count < 1)
        {
            Answers.Fail(Commands.Dequeue(), FailureReason.InvalidArgument, $"a demand of {demand.Count} batches");
        }
        else if (_slab is not null)
        {
            Deliver(demand);
        }
        else if (demand.Unit == DemandUnit.Lines && _carried > _lineSizeMax)
        {
            RefuseLongLine();
        }
        else if (_endOfFile || _delivered == demand.Count)
        {
            var met = new DemandMet(demand.Token, _delivered, _endOfFile);
            _delivered = 0;

            // The next demand looks again: the file may have grown.
            _endOfFile = false;
            Answers.Succeed(Commands.Dequeue(), met);
        }
        else
        {
            return TryReadChunk();
        }

        return true;
    }

    private unsafe bool TryReadChunk()
    {
        var (memory, unit) = File!.Alignment;
        var chunk = Math.Max(_chunkSize, unit);
        var before = RoundUp(_carried, memory);
        if (!HasRoom || !TryRentSlab(Math.Max(chunk, before + Math.Max(_carried, unit)), out var slab))
        {
            return false;
        }

        // What lies between the aligned position and the cursor is read again, and overwritten by what was carried.
        var again = (int)(_cursor % unit);
        _start = before + again - _carried;

        // The operation holds the slab while it is in the driver, so that it comes back whatever becomes of the actor.
        var operation = Operations.Rent(IoKind.Read, File);
        operation.Slab = slab;
        operation.Io.Buffer = slab.Pointer + before;
        operation.Io.Length = Math.Min(slab.Size - before, chunk) / unit * unit;
        operation.Io.Offset = _cursor - again;
        operation.Io.RequestedAt = Shard.Metrics.NextTimestamp();
        _reading = true;
        Start(operation);
        return true;
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) & -unit;

    protected override void OnSpecificDone(FileOperation operation, bool failed)
    {
        if (operation.CoveredCount > 0)
        {
            OnWholeFileRead(operation, failed);
            return;
        }

        _reading = false;
        _slab = operation.Slab!;
        operation.Slab = null;
        var done = (int)operation.Io.Done;
        var errno = (int)-operation.Io.Result;
        _endOfFile = !failed && done < operation.Io.Length;
        var end = operation.Io.Offset + done;
        FileOperations.Recycle(operation);
        Shard.Metrics.BytesRead += done;
        if (!failed && IsDemanded)
        {
            _carry.AsSpan(0, _carried).CopyTo(_slab.GetSpan()[_start..]);
            _filled = _carried + (int)Math.Max(0, end - _cursor);
            _carried = 0;
            _cursor = Math.Max(_cursor, end);
            return;
        }

        // The demand was cancelled meanwhile, or gets nothing: its bytes are read again for the next one, and no buffer
        // waits for that.
        _endOfFile = false;
        ReturnSlab();
        if (IsDemanded)
        {
            _delivered = 0;
            Answers.FailKernel(Commands.Dequeue(), errno, 0);
        }
    }

    private bool IsDemanded => Commands.Count > 0 && Commands.Head.Command is Demand;

    protected override void OnHeadTakenBack() => _delivered = 0;

    private void Deliver(Demand demand)
    {
        var bytes = _slab!.GetSpan().Slice(_start, _filled);
        var length = demand.Unit == DemandUnit.Chunks || _endOfFile ? _filled : bytes.LastIndexOf((byte)'\n') + 1;
        if (demand.Unit == DemandUnit.Lines)
        {
            length = Math.Min(length, StartOfLongLine(bytes));
        }

        Carry(bytes[length..]);
        if (length == 0)
        {
            ReturnSlab();
            return;
        }

        HandOver(demand.Unit, length);
        _delivered++;
    }

    private void HandOver(DemandUnit unit, int length)
    {
        var slab = _slab!;
        _slab = null;
        if (unit == DemandUnit.Chunks)
        {
            Send(new Chunk(slab, _start, length, _cursor - length), slab);
            return;
        }

        var batch = new LineBatch(slab, _start, length, _lineNumber);
        _lineNumber += batch.CountLines();
        Send(batch, slab);
    }

    private void Send(object part, Slab slab)
    {
        if (!Answers.Tell(Commands.Head.Sender, part))
        {
            slab.ReturnHere();
        }
    }

    /// <summary>Keeps the line that has no end yet. In managed memory, so that no reader holds a slab while it waits
    /// for another: with the pool used up by such readers none would ever go on.</summary>
    private void Carry(ReadOnlySpan<byte> tail)
    {
        if (tail.Length > _carry.Length)
        {
            _carry = new byte[Math.Max(tail.Length, 256)];
        }

        tail.CopyTo(_carry);
        _carried = tail.Length;
    }

    /// <summary>Where the first line begins that is too long; the end when there is none. The lines before it are
    /// delivered, and it is then the first.</summary>
    private int StartOfLongLine(ReadOnlySpan<byte> bytes)
    {
        var start = 0;
        while (bytes.Length - start > _lineSizeMax)
        {
            var end = bytes.Slice(start, _lineSizeMax + 1).IndexOf((byte)'\n');
            if (end < 0)
            {
                return start;
            }

            start += end + 1;
        }

        return bytes.Length;
    }

    /// <summary>The line stays where it is, and is refused again to whoever asks again.</summary>
    private void RefuseLongLine()
    {
        _delivered = 0;
        Answers.Fail(
            Commands.Dequeue(), FailureReason.LineTooLong,
            $"line {_lineNumber} of {Spawn.FullPath} is longer than {_lineSizeMax} bytes "
            + (_lineSizeMax == Engine.Settings.Reader.LineSizeMax
                ? "(actors.engine.reader.line-size-max)"
                : "(half of a shard's share of actors.engine.buffers.size-max)"));
    }

    private void ReturnSlab()
    {
        _slab?.ReturnHere();
        _slab = null;
    }

    // ------------------------------------------------------------------ the whole file

    private bool TryStartReadAll()
    {
        if (!HasRoom)
        {
            return false;
        }

        var length = CurrentLength();
        if (length > Engine.Settings.Reader.WholeFileMax)
        {
            RefuseLargeFile(Commands.Dequeue(), length);
            return true;
        }

        var operation = Operations.Rent(IoKind.Read, File);
        if (!TryReserve(operation, length))
        {
            Answers.Fail(
                Commands.Dequeue(), FailureReason.OutOfResources,
                $"there is no memory for the {length} bytes of {Spawn.FullPath}");
            return true;
        }

        operation.Cover(Commands.Dequeue());
        Start(operation);
        return true;
    }

    /// <summary>Gives a read memory for a file of a length, behind what it has read. A length of 0 may only mean that the
    /// file system does not say: then a chunk is tried, and more if it comes full.</summary>
    private bool TryReserve(FileOperation operation, long length)
    {
        // Direct I/O takes whole units; the last one ends with the file.
        var size = RoundUp((int)Math.Max(length, _chunkSize), File!.Alignment.Offset);
        var done = operation.Whole.Length;
        Memory<byte> whole;
        try
        {
            whole = length == 0 || File.IsDirect ? PinnedMemory.Allocate(size) : Exactly((int)length);
        }
        catch (OutOfMemoryException)
        {
            FileOperations.Recycle(operation);
            return false;
        }

        operation.Whole.CopyTo(whole);
        operation.Whole = whole;
        operation.Pin(whole[done..]);
        operation.Io.Offset = done;
        return true;
    }

    private static Memory<byte> Exactly(int length) =>
        GC.AllocateUninitializedArray<byte>(length, pinned: true);

    private void OnWholeFileRead(FileOperation operation, bool failed)
    {
        var done = (int)(operation.Io.Offset + operation.Io.Done);
        Shard.Metrics.BytesRead += operation.Io.Done;
        var pending = operation.Covered[0];
        var data = operation.Whole;
        if (failed)
        {
            var errno = (int)-operation.Io.Result;
            FileOperations.Recycle(operation);
            Answers.FailKernel(pending, errno, done);
        }
        else if (done == data.Length && done > CurrentLength())
        {
            // It has more than the system says.
            ReadOn(operation, done);
        }
        else
        {
            FileOperations.Recycle(operation);
            Answers.Succeed(pending, new WholeFile(((ReadAll)pending.Command).Token, data[..done]));
        }
    }

    private void ReadOn(FileOperation operation, long done)
    {
        var pending = operation.Covered[0];
        var limit = Engine.Settings.Reader.WholeFileMax;
        operation.ReleaseMemory();
        if (done > limit)
        {
            operation.Finish();
            RefuseLargeFile(pending, done);
        }
        else if (TryReserve(operation, Math.Min(2 * done, limit + 1L)))
        {
            Start(operation);
        }
        else
        {
            Answers.Fail(
                pending, FailureReason.OutOfResources, $"there is no memory for the content of {Spawn.FullPath}");
        }
    }

    private void RefuseLargeFile(in Pending pending, long length)
    {
        var limit = Engine.Settings.Reader.WholeFileMax;
        Answers.Fail(
            pending, FailureReason.FileTooLarge,
            $"{Spawn.FullPath} has {length} bytes or more, and at most {limit} are read at once "
            + "(actors.engine.reader.whole-file-max)");
    }

    protected override void OnStopping() => ReturnSlab();
}
