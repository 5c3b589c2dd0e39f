using System.Runtime.Versioning;

namespace Actors.Engine.Drivers.LinuxAio;

/// <summary>
/// One kernel context (io_setup(2)) and its completion ring, which the kernel maps into this process: the context's id
/// is the ring's address. Completions are taken from it without a system call, or by io_getevents where the ring is not
/// of the known layout (gVisor, a future kernel). For one thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class AioContext : IDisposable
{
    private readonly AioRing* _ring;
    private readonly IoEvent* _ringEvents;
    private nint _context;

    /// <param name="count">Requests that may be in the kernel at once.</param>
    /// <param name="readRing">False never reads the ring; for tests of the other way.</param>
    public AioContext(int count, bool readRing)
    {
        if (!ProcessorNumbers.AreKnown)
        {
            throw new DriverUnavailableException(
                "The system call numbers of Linux AIO are known here for x64 and arm64 only.",
                "Use another backend.");
        }

        nint context = 0;
        var result = AioSystemCalls.SetUp((uint)count, &context);
        if (result < 0)
        {
            throw Unavailable(-result, count);
        }

        _context = context;
        var ring = (AioRing*)context;
        if (readRing
            && ring->Magic == AioAbi.RingMagic
            && ring->IncompatibleFeatures == 0
            && ring->HeaderLength == sizeof(AioRing))
        {
            _ring = ring;
            _ringEvents = (IoEvent*)(ring + 1);
        }
    }

    /// <summary>Whether completions are read from the ring, without a system call.</summary>
    public bool ReadsRing => _ring != null;

    /// <summary>Whether the ring has a completion. Meaningless unless <see cref="ReadsRing"/>.</summary>
    public bool HasCompletion => Volatile.Read(ref _ring->Tail) != _ring->Head;

    /// <summary>The end of what the ring has now.</summary>
    public uint Tail => Volatile.Read(ref _ring->Tail);

    /// <summary>Takes the next completion off the ring.</summary>
    /// <returns>False at <paramref name="end"/>.</returns>
    public bool TryTake(uint end, out IoEvent taken)
    {
        // The kernel writes the entry, then the tail, with a barrier between (aio_complete); reading the tail was the
        // acquire for it. It reuses the entry once it sees the head move, hence the release after the copy.
        var head = _ring->Head;
        if (head == end)
        {
            taken = default;
            return false;
        }

        taken = _ringEvents[head];
        head++;
        Volatile.Write(ref _ring->Head, head == _ring->Count ? 0 : head);
        return true;
    }

    /// <summary>io_submit(2): how many were taken, from the first on, or the error of the first.</summary>
    public int Submit(int count, Iocb** requests) => AioSystemCalls.SubmitAll(_context, count, requests);

    /// <summary>Whether the kernel will cancel it. Its completion comes in any case, through the ring.</summary>
    public bool Cancel(Iocb* request)
    {
        IoEvent unused;
        return AioSystemCalls.CancelOne(_context, request, &unused) is 0 or -Errno.EINPROGRESS;
    }

    /// <summary>io_getevents(2): sleeps for at least <paramref name="least"/> completions.</summary>
    /// <param name="least">0 does not sleep.</param>
    /// <param name="most">Room in <paramref name="events"/>.</param>
    /// <param name="events">Where completions are put.</param>
    /// <param name="timeout">Milliseconds, or -1 for no limit.</param>
    /// <returns>Completions put there; 0 also when a signal to the process came in between.</returns>
    public int Take(int least, int most, IoEvent* events, int timeout)
    {
        var limit = KernelTimeSpan.FromMilliseconds(timeout);
        return Math.Max(0, AioSystemCalls.Take(_context, least, most, events, timeout < 0 ? null : &limit));
    }

    /// <summary>Returns when nothing is in the kernel any more: what cannot be cancelled is waited for.</summary>
    public void Dispose()
    {
        if (_context != 0)
        {
            AioSystemCalls.TearDown(_context);
            _context = 0;
        }
    }

    private static DriverUnavailableException Unavailable(int errno, int count) => errno switch
    {
        Errno.EAGAIN => new DriverUnavailableException(
            $"io_setup for {count} requests failed with EAGAIN: fs.aio-nr is {Limit("aio-nr")} of fs.aio-max-nr "
            + $"{Limit("aio-max-nr")}, for all processes of this machine.",
            "Raise it (sysctl fs.aio-max-nr=1048576), use fewer shards or a smaller "
            + "actors.engine.backend.linux-aio.depth, or end the processes that hold it."),
        Errno.ENOSYS => new DriverUnavailableException(
            "io_setup failed with ENOSYS: this kernel is built without Linux AIO (CONFIG_AIO), or a sandbox hides it.",
            "Use another backend."),
        Errno.EPERM or Errno.EACCES => new DriverUnavailableException(
            "io_setup is forbidden here, as by the seccomp profile of a container.",
            "Allow io_setup, io_submit, io_getevents, io_cancel and io_destroy there, or use another backend."),
        Errno.EINVAL => new DriverUnavailableException(
            $"io_setup does not take {count} requests.",
            "Use a smaller actors.engine.backend.linux-aio.depth."),
        _ => new DriverUnavailableException(
            $"io_setup for {count} requests failed: {Errno.Describe(errno)} (errno {errno}).",
            "Use a smaller actors.engine.backend.linux-aio.depth, or another backend."),
    };

    /// <summary>A file below /proc/sys/fs, or "unknown".</summary>
    internal static string Limit(string name)
    {
        try
        {
            return File.ReadAllText($"/proc/sys/fs/{name}").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
