using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using static Actors.Engine.Drivers.IoUring.IoUringAbi;

namespace Actors.Engine.Drivers.IoUring;

/// <summary>
/// One io_uring: its mapped submission and completion rings, and the calls on it. Knows entries and flags, nothing of
/// operations. For the thread that created it only: it is set up SINGLE_ISSUER where the kernel can.
/// </summary>
/// <remarks>
/// Set-up flags are tried newest first and stripped one by one while the kernel answers EINVAL:
/// NO_SQARRAY (6.6), DEFER_TASKRUN (6.1, with SINGLE_ISSUER, 6.0), COOP_TASKRUN + TASKRUN_FLAG (5.19), SUBMIT_ALL
/// (5.18).
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class Ring : IDisposable
{
    private static readonly (uint Flags, string Text)[] Ladder =
    [
        (SetupSubmitAll | SetupSingleIssuer | SetupDeferTaskrun | SetupTaskrunFlag | SetupNoSqArray,
            "DEFER_TASKRUN, NO_SQARRAY"),
        (SetupSubmitAll | SetupSingleIssuer | SetupDeferTaskrun | SetupTaskrunFlag, "DEFER_TASKRUN"),
        (SetupSubmitAll | SetupCoopTaskrun | SetupTaskrunFlag, "COOP_TASKRUN"),
        (SetupSubmitAll, "SUBMIT_ALL"),
        (0, "no flags"),
    ];

    private readonly int _fd;
    private readonly byte* _sqRing;
    private readonly byte* _cqRing;
    private readonly nuint _sqRingSize;
    private readonly nuint _cqRingSize;
    private readonly byte* _sqes;
    private readonly nuint _sqesSize;
    private readonly uint* _sqFlags;
    private readonly bool _hasTimeout;
    private SubmissionRing _submissions;
    private CompletionRing _completions;
    private bool _disposed;

    /// <summary>Creates a ring with at least <paramref name="entries"/> submission entries, and twice as many
    /// completion entries.</summary>
    /// <exception cref="DriverUnavailableException">The kernel refuses; the message says why and what to
    /// do.</exception>
    public Ring(uint entries)
    {
        Params parameters = default;
        _fd = SetUp(entries, ref parameters, out var features);
        Features = features;
        Entries = (int)parameters.SqEntries;
        CompletionEntries = (int)parameters.CqEntries;
        _hasTimeout = (parameters.Features & FeatureExtArg) != 0;

        _sqRingSize = parameters.Sq.Array + parameters.SqEntries * sizeof(uint);
        _cqRingSize = (nuint)(parameters.Cq.Cqes + parameters.CqEntries * (uint)sizeof(Cqe));
        _sqesSize = (nuint)(parameters.SqEntries * (uint)sizeof(Sqe));
        var single = (parameters.Features & FeatureSingleMmap) != 0;
        if (single)
        {
            _sqRingSize = _cqRingSize = Math.Max(_sqRingSize, _cqRingSize);
        }

        try
        {
            _sqRing = IoUringSyscalls.Map(_fd, _sqRingSize, OffsetSqRing);
            _cqRing = single ? _sqRing : IoUringSyscalls.Map(_fd, _cqRingSize, OffsetCqRing);
            _sqes = IoUringSyscalls.Map(_fd, _sqesSize, OffsetSqes);
        }
        catch
        {
            Dispose();
            throw;
        }

        _sqFlags = SqIndex(parameters.Sq.Flags);
        _submissions = new SubmissionRing(
            SqIndex(parameters.Sq.Head), SqIndex(parameters.Sq.Tail), *SqIndex(parameters.Sq.RingMask), (Sqe*)_sqes);
        _completions = new CompletionRing(
            CqIndex(parameters.Cq.Head), CqIndex(parameters.Cq.Tail), *CqIndex(parameters.Cq.RingMask),
            (Cqe*)(_cqRing + parameters.Cq.Cqes));

        if ((parameters.Flags & SetupNoSqArray) == 0)
        {
            // The indirection is not used: entry i always describes SQE i.
            var array = SqIndex(parameters.Sq.Array);
            for (uint i = 0; i < parameters.SqEntries; i++)
            {
                array[i] = i;
            }
        }
    }

    /// <summary>The set-up flags that the kernel took, for people.</summary>
    public string Features { get; }

    public int Entries { get; }

    public int CompletionEntries { get; }

    /// <summary>Entries written and not yet taken by the kernel.</summary>
    public uint Unsubmitted => _submissions.Unsubmitted;

    /// <summary>The next free submission entry, zeroed; null when the ring is full until the next
    /// <see cref="Submit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Sqe* NextSqe() => _submissions.Next();

    /// <summary>Hands the written entries to the kernel and lets it post completions; does not wait.</summary>
    /// <returns>Entries taken, or a negative errno.</returns>
    public int Submit() => Enter(0, EnterGetEvents, null, 0);

    /// <summary>As <see cref="Submit"/>, then waits for a completion.</summary>
    /// <param name="timeout">Milliseconds, or -1 for no limit.</param>
    public int SubmitAndWait(int timeout)
    {
        if (timeout < 0 || !_hasTimeout)
        {
            return Enter(1, EnterGetEvents, null, 0);
        }

        var time = new Timespec { Seconds = timeout / 1000, Nanoseconds = timeout % 1000 * 1_000_000L };
        var argument = new GetEventsArg { Timespec = (ulong)(nint)(&time) };
        return Enter(1, EnterGetEvents | EnterExtArg, &argument, (nuint)sizeof(GetEventsArg));
    }

    /// <summary>True when the kernel has completions that only a call to <see cref="Submit"/> brings into the ring:
    /// deferred task work, or an overflow of the completion ring.</summary>
    public bool NeedsEnter => (Volatile.Read(ref *_sqFlags) & (SqTaskrun | SqCqOverflow)) != 0;

    public bool HasCompletions => _completions.HasAny;

    /// <summary>Takes the next completion, if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out Cqe completion) => _completions.TryTake(out completion);

    /// <summary>Gives the entries taken so far back to the kernel. Once for a run of <see cref="TryTake"/>.</summary>
    public void ReleaseTaken() => _completions.Release();

    /// <summary>Limits the kernel's worker threads of this ring (5.15); a kernel that cannot is left alone.</summary>
    public void LimitWorkers(int workers)
    {
        var limits = stackalloc uint[2] { (uint)workers, (uint)workers };
        _ = IoUringSyscalls.Register(_fd, RegisterIowqMaxWorkers, limits, 2);
    }

    /// <summary>Allows so many more workers, up to a limit, for what the kernel calls bounded: transfers of regular files
    /// and opens (5.15). It allows min(entries, 4 x cores) of them by itself (io_uring_register(2)).</summary>
    public void AddWorkers(int more, int most)
    {
        // A zero asks for the present limit.
        var limits = stackalloc uint[2];
        if (IoUringSyscalls.Register(_fd, RegisterIowqMaxWorkers, limits, 2) >= 0 && limits[0] < most)
        {
            limits[0] = (uint)Math.Min(limits[0] + more, most);
            limits[1] = 0;
            _ = IoUringSyscalls.Register(_fd, RegisterIowqMaxWorkers, limits, 2);
        }
    }

    /// <summary>Asks which opcodes the kernel has (5.6). Index by opcode.</summary>
    public bool[] ProbeOpcodes()
    {
        const int Header = 16;
        const int Entry = 8;
        var supported = new bool[256];
        var probe = stackalloc byte[Header + Entry * 256];
        new Span<byte>(probe, Header + Entry * 256).Clear();
        if (IoUringSyscalls.Register(_fd, RegisterProbe, probe, 256) >= 0)
        {
            var count = probe[1];
            for (var i = 0; i < count; i++)
            {
                var entry = probe + Header + Entry * i;
                supported[entry[0]] = (*(ushort*)(entry + 2) & ProbeOpSupported) != 0;
            }
        }

        return supported;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Unmap(_sqes, _sqesSize);
        Unmap(_cqRing == _sqRing ? null : _cqRing, _cqRingSize);
        Unmap(_sqRing, _sqRingSize);
        IoUringSyscalls.Close(_fd);
    }

    private static void Unmap(byte* address, nuint length)
    {
        if (address != null)
        {
            IoUringSyscalls.Unmap(address, length);
        }
    }

    private uint* SqIndex(uint offset) => (uint*)(_sqRing + offset);

    private uint* CqIndex(uint offset) => (uint*)(_cqRing + offset);

    private int Enter(uint minComplete, uint flags, void* argument, nuint size)
    {
        _submissions.Publish();
        var taken = IoUringSyscalls.Enter(_fd, Unsubmitted, minComplete, flags, argument, size);

        // The kernel's head, not the call's result, says what was taken: with a wait, an interrupted or timed-out call
        // reports the error although entries went in.
        _submissions.SeeTaken();
        return taken;
    }

    private static int SetUp(uint entries, ref Params parameters, out string features)
    {
        var error = 0;
        foreach (var (flags, text) in Ladder)
        {
            parameters = new Params { Flags = flags | SetupCqSize, CqEntries = entries * 2 };
            int fd;
            fixed (Params* p = &parameters)
            {
                fd = IoUringSyscalls.Setup(entries, p);
            }

            if (fd >= 0)
            {
                features = text;
                return fd;
            }

            error = -fd;
            if (error != Errno.EINVAL)
            {
                break;
            }
        }

        throw Explain(error);
    }

    private static DriverUnavailableException Explain(int errno) => errno switch
    {
        Errno.ENOSYS => new(
            "io_uring_setup: not implemented; the kernel is older than 5.1, or a seccomp profile hides io_uring.",
            "Use a profile that allows io_uring_setup, io_uring_enter and io_uring_register, or another backend."),
        Errno.EPERM or Errno.EACCES => Forbidden(),
        Errno.ENOMEM => new(
            "io_uring_setup: no memory for a ring, or no lockable memory left.",
            "Raise RLIMIT_MEMLOCK (ulimit -l), or lower actors.engine.backend.io-uring.depth or actors.engine.shards."),
        Errno.EMFILE => new("io_uring_setup: no file descriptor left.", "Raise RLIMIT_NOFILE (ulimit -n)."),
        Errno.ENFILE => new(
            "io_uring_setup: the whole machine has no open file left.", "Raise it (sysctl fs.file-max)."),
        _ => new($"io_uring_setup: {Errno.Describe(errno)}.", "Use another backend."),
    };

    private static DriverUnavailableException Forbidden()
    {
        const string Sysctl = "/proc/sys/kernel/io_uring_disabled";
        var value = File.Exists(Sysctl) ? File.ReadAllText(Sysctl).Trim() : "0";
        return value == "0"
            ? new(
                "io_uring_setup: not permitted; a seccomp profile or security module forbids it, as Docker 25+ and "
                + "containerd 2 do by default.",
                "Allow io_uring_setup, io_uring_enter and io_uring_register, or use another backend.")
            : new(
                $"io_uring_setup: not permitted; the sysctl kernel.io_uring_disabled is {value}.",
                value == "1"
                    ? "Set it to 0, join the group in kernel.io_uring_group, or use another backend."
                    : "Set it to 0, or use another backend.");
    }
}
