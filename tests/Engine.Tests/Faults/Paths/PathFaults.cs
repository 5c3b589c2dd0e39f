using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Tests.Scenario;

namespace Actors.Engine.Tests.Faults.Paths;

/// <summary>
/// All system calls of an engine on the sync backend, written down by name; one of them fails. The calls of a file that
/// is opened by its actor are here too. Syncs are not performed: nobody cuts the power.
/// </summary>
internal sealed class PathFaults : IBlockingCalls, IFileCalls
{
    private static readonly IBlockingCalls Kernel = BlockingCalls.Platform;
    private static readonly IFileCalls Questions = FileCalls.Platform;
    private readonly Lock _gate = new();
    private readonly List<string> _made = [];
    private readonly ScriptedPaths _paths = new();
    private string? _failing;
    private int _left;
    private int _errno;

    public PathFaults() => _paths.Answer = Answer;

    public SystemCallsSetup Setup =>
        new(SystemCalls.Platform with { Blocking = this, Files = this, Paths = _paths });

    /// <summary>Whether the call that was to fail was made.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>From here on calls are written down, and the nth of a name fails.</summary>
    public void Begin(string? failing = null, int nth = 0, int errno = 0)
    {
        lock (_gate)
        {
            _made.Clear();
            (_failing, _left, _errno, HasFailed) = (failing, nth, errno, false);
        }
    }

    /// <summary>The names of the calls since the beginning.</summary>
    public IReadOnlyList<string> End()
    {
        lock (_gate)
        {
            _failing = null;
            return [.. _made];
        }
    }

    public void Perform(IoOperation operation)
    {
        var name = operation.Kind switch
        {
            IoKind.Open => "openat",
            IoKind.Close => "close",
            IoKind.Read => "pread",
            IoKind.Write => "pwrite",
            IoKind.Truncate => "ftruncate",
            IoKind.Stat => "statx",
            _ => "fsync",
        };
        var answer = Answer(name);
        if (answer is null || operation.Kind == IoKind.Close)
        {
            Kernel.Perform(operation);
        }

        operation.Result = answer ?? operation.Result;
    }

    public bool TryReadCached(IoOperation operation) => false;

    public int TryGetFacts(int file, out FileFacts facts)
    {
        facts = default;
        return (int?)Answer("statx") ?? Questions.TryGetFacts(file, out facts);
    }

    public int TryStat(int file, out FileStatus? status)
    {
        status = null;
        return (int?)Answer("statx") ?? Questions.TryStat(file, out status);
    }

    public int TryGetLength(int file, out long length)
    {
        length = 0;
        return (int?)Answer("statx") ?? Questions.TryGetLength(file, out length);
    }

    public bool CanTryBufferedWrites(int file) => Questions.CanTryBufferedWrites(file);

    public int MakeBlocking(int file, bool direct, ref bool appends) =>
        (int?)Answer("fcntl") ?? Questions.MakeBlocking(file, direct, ref appends);

    public bool AreSame(int one, int other) => Questions.AreSame(one, other);

    public int TryLock(int file) => Questions.TryLock(file);

    private long? Answer(string name)
    {
        lock (_gate)
        {
            _made.Add(name);
            if (name == _failing && --_left == 0)
            {
                HasFailed = true;
                return -_errno;
            }
        }

        return name is "fsync" or "syncfs" ? 0 : name == "ficlone" ? -Errno.EOPNOTSUPP : null;
    }
}
