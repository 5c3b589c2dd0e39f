using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Actors.Engine;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Simulation.Disk;

/// <summary>
/// Files in memory that all drivers of one engine share, and the descriptors by which they are open. Names are durable
/// at once; content is not. What the engine must never do is written down as a violation.
/// </summary>
internal sealed unsafe class SimulatedDisk(Random random, DiskFaults faults) : IFileCalls
{
    // asm-generic/fcntl.h
    private const int MayCreate = 0x40;
    private const int MustCreate = 0x80;

    private readonly ConcurrentDictionary<string, SimulatedFile> _files = [];
    private readonly Dictionary<int, SimulatedFile> _open = [];
    private int _lastDescriptor = 1_000_000;

    /// <summary>May change in the course of a run.</summary>
    public DiskFaults Faults { get; set; } = faults;

    public List<string> Violations { get; } = [];

    /// <summary>Told of each operation when it takes effect.</summary>
    public Action<IoOperation>? Performed { get; set; }

    public int OpenDescriptors => _open.Count;

    public IEnumerable<SimulatedFile> Files => _files.Values;

    public SimulatedFile? Find(string path) => _files.GetValueOrDefault(path);

    public SimulatedFile Create(string path, ReadOnlySpan<byte> content = default)
    {
        var file = new SimulatedFile(path, (ulong)_files.Count + 1);
        _files[path] = file;
        if (!content.IsEmpty)
        {
            file.Write(0, content);
            file.Persist(file.Changes);
        }

        return file;
    }

    /// <summary>The file that an operation is about; null when it is open no longer.</summary>
    public SimulatedFile? FileOf(IoOperation operation) =>
        operation.File is { } handle ? _open.GetValueOrDefault(handle.Descriptor) : null;

    public bool Chance(double probability) => probability > 0 && random.NextDouble() < probability;

    public TimeSpan Latency() => TimeSpan.FromTicks(random.NextInt64(Faults.LatencyMax.Ticks + 1));

    /// <summary>Performs an operation, or does not and says why.</summary>
    /// <param name="operation">Its result is set.</param>
    /// <param name="changes">What the file had seen when the operation was submitted.</param>
    public void Perform(IoOperation operation, long changes)
    {
        var file = FileOf(operation);
        if (operation.Kind != IoKind.Open && file is null)
        {
            Violations.Add($"{operation.Kind} on descriptor {operation.File!.Descriptor}, which is not open");
            operation.Result = -Errno.EBADF;
        }
        else if (Fault(operation) is var error and not 0)
        {
            operation.Result = -error;
            if (file is not null && error is not (Errno.EINTR or Errno.EAGAIN))
            {
                file.Failures++;
            }
        }
        else
        {
            operation.Result = Succeed(operation, file, changes);
        }

        Performed?.Invoke(operation);
    }

    public int TryGetFacts(int descriptor, out FileFacts facts)
    {
        var found = _open.TryGetValue(descriptor, out var file);
        facts = found
            ? new FileFacts(true, false, true, file!.Cached.Length, new FileIdentity(1, file.Inode, null), null)
            : default;
        return found ? 0 : -Errno.EBADF;
    }

    public int TryStat(int descriptor, out FileStatus? status)
    {
        var error = TryGetFacts(descriptor, out var facts);
        status = error < 0 ? null : new FileStatus
        {
            Kind = FileKind.File,
            Length = facts.Length,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            LastWriteTimeUtc = DateTime.UnixEpoch,
            LastAccessTimeUtc = DateTime.UnixEpoch,
        };
        return error;
    }

    public int TryGetLength(int descriptor, out long length)
    {
        var error = TryGetFacts(descriptor, out var facts);
        length = facts.Length;
        return error;
    }

    public bool CanTryBufferedWrites(int file) => true;

    public int MakeBlocking(int file, bool direct, ref bool appends)
    {
        appends = false;
        return 0;
    }

    public int TryLock(int file) => 0;

    private int Fault(IoOperation operation)
    {
        if (operation.Kind == IoKind.Close)
        {
            // Linux releases the descriptor whatever it answers.
            return 0;
        }

        if (Chance(Faults.Transient))
        {
            return random.Next(2) == 0 ? Errno.EINTR : Errno.EAGAIN;
        }

        switch (operation.Kind)
        {
            case IoKind.Sync or IoKind.DataSync when Chance(Faults.Sync):
                FileOf(operation)!.Forget();
                return Errno.EIO;
            case IoKind.Write or IoKind.Allocate when Chance(Faults.Error):
                return random.Next(3) switch { 0 => Errno.EIO, 1 => Errno.ENOSPC, _ => Errno.EDQUOT };
            case IoKind.Read or IoKind.Open or IoKind.Truncate when Chance(Faults.Error):
                return Errno.EIO;
            default:
                return 0;
        }
    }

    private long Succeed(IoOperation operation, SimulatedFile? file, long changes)
    {
        switch (operation.Kind)
        {
            case IoKind.Read:
                return file!.Read(operation.NextOffset, new Span<byte>(operation.NextByte, PartOf(operation)));
            case IoKind.Write:
                var part = PartOf(operation);
                var offset = operation.Append ? file!.Cached.Length : operation.NextOffset;
                file!.Write(offset, new ReadOnlySpan<byte>(operation.NextByte, part));
                return part;
            case IoKind.Sync or IoKind.DataSync:
                file!.Persist(changes);
                return 0;
            case IoKind.Truncate:
                file!.Truncate(operation.Length);
                return 0;
            case IoKind.Open:
                return Open(Marshal.PtrToStringUTF8((nint)operation.Buffer)!, operation.Flags);
            case IoKind.Close:
                _open.Remove(operation.File!.Descriptor);
                return Chance(Faults.Error) ? -Errno.EIO : 0;
            default:
                return 0;
        }
    }

    private int PartOf(IoOperation operation)
    {
        var all = (int)operation.NextLength;
        return all > 1 && Chance(Faults.Short) ? random.Next(1, all) : all;
    }

    private int Open(string path, int flags)
    {
        var file = Find(path);
        if (file is null && (flags & MayCreate) == 0)
        {
            return -Errno.ENOENT;
        }

        if (file is not null && (flags & MustCreate) != 0)
        {
            return -Errno.EEXIST;
        }

        _open.Add(++_lastDescriptor, file ?? Create(path));
        return _lastDescriptor;
    }
}
