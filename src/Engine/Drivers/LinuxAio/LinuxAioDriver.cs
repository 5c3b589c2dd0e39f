using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.LinuxAio;

/// <summary>
/// Kernel AIO: a batch of requests for one io_submit, completions read from the mapped ring. Truly asynchronous only
/// for direct I/O and syncs; a buffered transfer is performed inside io_submit and its completion is in the ring when
/// that returns. What AIO has no command for is performed at once, on the shard's thread.
/// </summary>
/// <remarks>
/// <para>
/// How a wait ends. The textbook way is an eventfd that completions signal (IOCB_FLAG_RESFD). Set on the last request
/// of a batch only, it is wrong for direct I/O and syncs, which complete in any order: the last may be back while the
/// others are still out, and then nothing ends the wait for them. Set on every request it costs 0.09 us each (batches
/// of 100 writes to /dev/null: 0.54 without, 0.63 us with; 7 to 10 percent of a 32-byte write to ext4 there), mostly
/// for a signal that nobody waits for. So it is turned around: the kernel is asked once, by a poll request
/// (IOCB_CMD_POLL), to put a completion into the ring when somebody wakes this thread, and the wait is io_getevents,
/// which ends with whatever completes. A request then costs nothing extra. With nothing in the kernel, as between
/// buffered batches, the wait is on the wake signal alone. Where there is no IOCB_CMD_POLL (before Linux 4.19, gVisor),
/// every request carries RESFD.
/// </para>
/// <para>
/// aio_data holds slot and generation, so that a completion that belongs to no present operation is recognised and
/// dropped.
/// </para>
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class LinuxAioDriver : IDriver
{
    /// <summary>Completions that one io_getevents takes.</summary>
    private const int TakenMax = 64;

    /// <summary>aio_data of the poll request; no slot has this number.</summary>
    private const ulong PollData = ulong.MaxValue;

    private readonly IBlockingCalls _calls;
    private readonly BlockingWorkers _workers;
    private readonly WakeSignal _wake;
    private readonly EventFd _wakeEvent;
    private readonly AioContext _context;

    // Slot table: the operation of each slot, its use count, and the free slots as a stack.
    private readonly IoOperation?[] _operations;
    private readonly uint[] _generations;
    private readonly int[] _freeSlots;
    private int _freeCount;

    // Native, because the kernel is given addresses: requests by slot, one more for the poll, the queue of those not
    // yet submitted, and room for what io_getevents returns.
    private readonly Iocb* _requests;
    private readonly Iocb** _queue;
    private readonly Iocb* _poll;
    private readonly IoEvent* _taken;
    private int _queued;
    private int _takenNext;
    private int _takenCount;

    /// <summary>Operations that ended without getting into the kernel, first in, first out.</summary>
    private IoOperation? _endedHead, _endedTail;

    private readonly bool _signalEach;
    private bool _pollArmed;
    private int _inKernel;
    private bool _disposed;

    /// <param name="depth">Operations in flight, 1 to 32768; counts against fs.aio-max-nr.</param>
    /// <param name="readRing">False takes completions by io_getevents always; for tests.</param>
    /// <param name="pollToWake">False signals an eventfd with each completion always; for tests.</param>
    /// <param name="calls">For kinds that AIO does not have; null for those of this system.</param>
    /// <exception cref="DriverUnavailableException">There is no AIO here, or not enough of it is left.</exception>
    public LinuxAioDriver(int depth, bool readRing = true, bool pollToWake = true, IBlockingCalls? calls = null)
    {
        _calls = calls ?? BlockingCalls.Platform;
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        Depth = depth;
        _context = new AioContext(depth + 1, readRing);
        try
        {
            _wake = new WakeSignal();
        }
        catch
        {
            _context.Dispose();
            throw;
        }

        _wakeEvent = _wake.Event!;
        _workers = new BlockingWorkers(_calls, Wake);
        _operations = new IoOperation?[depth];
        _generations = new uint[depth];
        _freeSlots = new int[depth];
        for (var i = 0; i < depth; i++)
        {
            _freeSlots[i] = depth - 1 - i;
        }

        _freeCount = depth;
        _requests = (Iocb*)NativeMemory.AlignedAlloc((nuint)((depth + 1) * sizeof(Iocb)), 64);
        NativeMemory.Clear(_requests, (nuint)((depth + 1) * sizeof(Iocb)));
        _poll = _requests + depth;
        _queue = (Iocb**)NativeMemory.AllocZeroed((nuint)depth, (nuint)sizeof(Iocb*));
        _taken = (IoEvent*)NativeMemory.AllocZeroed(TakenMax, (nuint)sizeof(IoEvent));
        _signalEach = !pollToWake || !TryArmPoll();
    }

    public string Name => "linux-aio";

    public int Depth { get; }

    public int InFlight => Depth - _freeCount + _workers.InFlight;

    public string Details =>
        $"depth {Depth}, "
        + (_context.ReadsRing ? "completions read from the mapped ring, " : "completions by io_getevents, ")
        + (_signalEach ? "an eventfd signal with each, " : "wake-up by IOCB_CMD_POLL, ")
        + $"fs.aio-nr {AioContext.Limit("aio-nr")} of {AioContext.Limit("aio-max-nr")}";

    public SubmitResult TrySubmit(IoOperation operation)
    {
        if (InFlight == Depth)
        {
            return SubmitResult.Busy;
        }

        if (operation.Kind > IoKind.Sync || operation.OnThread)
        {
            operation.Slot = -1;
            _workers.Submit(operation);
            return SubmitResult.Queued;
        }

        var slot = _freeSlots[--_freeCount];
        operation.Slot = slot;
        operation.Generation = ++_generations[slot];
        _operations[slot] = operation;
        var request = _requests + slot;
        Fill(request, operation);
        _queue[_queued++] = request;
        return SubmitResult.Queued;
    }

    /// <remarks>
    /// io_submit takes requests from the first on and stops at one that it refuses. It says how many it took; only a
    /// refused first one yields an error number.
    /// </remarks>
    public void Flush()
    {
        var first = 0;
        while (first < _queued)
        {
            var result = _context.Submit(_queued - first, _queue + first);
            if (result > 0)
            {
                _inKernel += result;
                first += result;
            }
            else if (result is 0 or -Errno.EAGAIN)
            {
                // The kernel is short of memory or slots: what is left is tried again at the next flush or wait.
                break;
            }
            else
            {
                End(OperationOf(_queue[first++]), result);
            }
        }

        _queued -= first;
        if (first > 0 && _queued > 0)
        {
            new Span<nint>(_queue + first, _queued).CopyTo(new Span<nint>(_queue, _queued));
        }
    }

    public int Reap(ICompletionSink sink)
    {
        var delivered = _workers.Reap(sink);
        delivered += _endedHead is null ? 0 : DeliverEnded(sink);
        if (_takenNext < _takenCount)
        {
            delivered += DeliverTaken(sink);
        }

        if (_context.ReadsRing)
        {
            for (var end = _context.Tail; _context.TryTake(end, out var completion);)
            {
                delivered += Deliver(completion, sink);
            }
        }
        else
        {
            while (_inKernel > 0 && TakeWithoutWaiting())
            {
                delivered += DeliverTaken(sink);
            }
        }

        return delivered;
    }

    public void Wait(int timeout)
    {
        Flush();
        if (HasCompletion() || !_wake.TryLieDown())
        {
            return;
        }

        // Requests that the kernel did not take, with none in it whose completion could make room: try again soon.
        var limit = _queued > 0 && _inKernel == 0 ? Soonest(timeout) : timeout;
        if (_inKernel == 0 || _signalEach)
        {
            _wake.Sleep(limit);
            return;
        }

        if (!_pollArmed && !TryArmPoll())
        {
            limit = Soonest(timeout);
        }

        _takenNext = 0;
        _takenCount = _context.Take(1, TakenMax, _taken, limit);
        _wake.Rise();
    }

    public void Wake() => _wake.Wake();

    /// <remarks>
    /// What has not been submitted yet is taken back. What has, the kernel cancels only for a few kinds of file, none
    /// of them regular: io_cancel then answers EINVAL.
    /// </remarks>
    public bool TryCancel(IoOperation operation)
    {
        var slot = operation.Slot;
        if ((uint)slot >= (uint)Depth || _operations[slot] != operation)
        {
            return false;
        }

        var request = _requests + slot;
        var place = new Span<nint>(_queue, _queued).IndexOf((nint)request);
        if (place < 0)
        {
            return _context.Cancel(request);
        }

        new Span<nint>(_queue + place + 1, _queued - place - 1).CopyTo(new Span<nint>(_queue + place, _queued));
        _queued--;
        End(operation, -Errno.ECANCELED);
        return true;
    }

    /// <summary>Waits for what is in the kernel; what is still queued is dropped.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _context.Dispose();
        _freeCount = Depth;
        _wake.Dispose();
        NativeMemory.AlignedFree(_requests);
        NativeMemory.Free(_queue);
        NativeMemory.Free(_taken);
    }

    private static int Soonest(int timeout) => timeout < 0 ? 1 : Math.Min(timeout, 1);

    private void Fill(Iocb* request, IoOperation operation)
    {
        request->Data = ((ulong)operation.Generation << 32) | (uint)operation.Slot;
        request->Descriptor = (uint)(operation.File?.Descriptor ?? -1);
        if (operation.Kind <= IoKind.Write)
        {
            request->Command = operation.Kind == IoKind.Read ? AioAbi.Read : AioAbi.Write;
            request->Buffer = (ulong)operation.NextByte;
            request->Length = operation.NextLength;
            request->Offset = operation.Append ? 0 : operation.NextOffset;
            request->TransferFlags = (uint)LinuxCalls.FlagsOf(operation);
        }
        else
        {
            // aio_fsync refuses a request in which any of these is not 0.
            request->Command = operation.Kind == IoKind.Sync ? AioAbi.Sync : AioAbi.DataSync;
            request->Buffer = 0;
            request->Length = 0;
            request->Offset = 0;
            request->TransferFlags = 0;
        }

        if (_signalEach)
        {
            request->Flags = AioAbi.SignalEventFd;
            request->SignalDescriptor = (uint)_wakeEvent.Descriptor;
        }
    }

    private bool TryArmPoll()
    {
        _poll->Data = PollData;
        _poll->Command = AioAbi.Poll;
        _poll->Descriptor = (uint)_wakeEvent.Descriptor;
        _poll->Buffer = AioAbi.PollIn;
        var request = _poll;
        return _pollArmed = _context.Submit(1, &request) == 1;
    }

    private IoOperation OperationOf(Iocb* request) => _operations[(int)(uint)request->Data]!;

    /// <summary>Ends an operation that the kernel did not take.</summary>
    private void End(IoOperation operation, long result)
    {
        if (result == -Errno.EINVAL)
        {
            // This file has no such request: a directory, a device without (/dev/full), a sync before Linux 4.18. The
            // plain call does it, or says better why not. Unaligned direct I/O does not get here: it completes.
            _calls.Perform(operation);
        }
        else
        {
            operation.Result = result;
        }

        operation.Next = null;
        if (_endedTail is null)
        {
            _endedHead = operation;
        }
        else
        {
            _endedTail.Next = operation;
        }

        _endedTail = operation;
    }

    private bool HasCompletion() =>
        _endedHead is not null
        || _workers.HasFinished
        || _takenNext < _takenCount
        || (_context.ReadsRing ? _context.HasCompletion : _inKernel > 0 && TakeWithoutWaiting());

    private bool TakeWithoutWaiting()
    {
        _takenNext = 0;
        _takenCount = _context.Take(0, TakenMax, _taken, 0);
        return _takenCount > 0;
    }

    private int DeliverEnded(ICompletionSink sink)
    {
        var delivered = 0;
        var last = _endedTail;
        while (_endedHead is { } operation)
        {
            _endedHead = operation.Next;
            _endedTail = _endedHead is null ? null : _endedTail;
            Release(operation);
            sink.Complete(operation);
            delivered++;
            if (operation == last)
            {
                break;
            }
        }

        return delivered;
    }

    private int DeliverTaken(ICompletionSink sink)
    {
        var delivered = 0;
        while (_takenNext < _takenCount)
        {
            delivered += Deliver(_taken[_takenNext++], sink);
        }

        return delivered;
    }

    private int Deliver(in IoEvent completion, ICompletionSink sink)
    {
        if (completion.Data == PollData)
        {
            // The wake-up has done its work: it ended a wait. Armed again at the next wait that needs it.
            _pollArmed = false;
            _wakeEvent.Reset();
            return 0;
        }

        _inKernel--;
        var slot = (uint)completion.Data;
        if (slot >= (uint)Depth
            || _operations[slot] is not { } operation
            || operation.Generation != (uint)(completion.Data >> 32))
        {
            return 0;
        }

        operation.Result = completion.Result;
        Release(operation);
        sink.Complete(operation);
        return 1;
    }

    private void Release(IoOperation operation)
    {
        var slot = operation.Slot;
        _operations[slot] = null;
        _freeSlots[_freeCount++] = slot;
        operation.Slot = -1;
        operation.Next = null;
    }
}
