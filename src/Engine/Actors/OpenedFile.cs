using System.Runtime.Versioning;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Scheduling;

namespace Actors.Engine.Actors;

/// <summary>Why a file could not be opened, or takes no further commands.</summary>
internal sealed record FileFailure(FailureReason Reason, string Cause, int Errno = 0)
{
    public static FileFailure Of(string call, string path, int errno) =>
        new(CompletionDecision.ReasonOf(errno), $"{call} {path}: {Drivers.Errno.Describe(errno)}", errno);
}

/// <summary>
/// The file behind a file actor: its handle, what the system says of it, and its place in the registry of files open
/// for writing, which makes the second writer of a file fail whatever path it comes by.
/// </summary>
internal sealed class OpenedFile(FileEngine engine, SpawnFile spawn, OpenOptions options, IoScheduler scheduler)
{
    private readonly IFileCalls _calls =
        new MarkedFileCalls(scheduler.Driver.Files ?? engine.Calls.Files, scheduler);

    private (FileIdentity Identity, FileHandle File)? _registered;

    /// <summary>Null before it is open and after it is closed.</summary>
    public FileHandle? Handle { get; set; }

    /// <summary>False for a character device such as /dev/null, which has neither length nor end.</summary>
    public bool IsRegular { get; private set; }

    /// <summary>Bytes in the file when the system was last asked.</summary>
    public long Length { get; set; }

    /// <summary>Whether the kernel has the file, by a bare descriptor.</summary>
    public bool IsKernels => Handle!.Safe is null && scheduler.Driver.Files is null;

    private string Path => spawn.FullPath;

    private FileFailure NoDirectIo => new(
        FailureReason.NotSupported, $"open {Path}: its file system has no direct I/O; open it without Direct");

    /// <summary>Why the system did not open it.</summary>
    public FileFailure Refused(int errno) =>
        options.Direct && errno == Errno.EINVAL ? NoDirectIo : FileFailure.Of("open", Path, errno);

    /// <summary>Takes a fresh descriptor over. Even when it fails the handle is set and has to be closed.</summary>
    [SupportedOSPlatform("linux")]
    public FileFailure? Adopt(int descriptor)
    {
        Handle = new FileHandle(descriptor);
        var error = _calls.TryGetFacts(descriptor, out var facts);
        if (error < 0)
        {
            return FileFailure.Of("statx", Path, -error);
        }

        IsRegular = facts.IsRegular;
        Length = facts.Length;
        Handle.HasUnknownSize = IsRegular && Length == 0;
        Handle.IsDevice = facts.IsCharacterDevice;
        Handle.HasPositions = facts.HasPositions;
        Handle.IsCached = IsRegular && !options.Direct;
        Handle.WritesNeedWorker = Handle.IsCached && spawn.Open.Mode.CanWrite()
            && !_calls.CanTryBufferedWrites(descriptor);
        if (!facts.IsRegular && !(facts.IsCharacterDevice && spawn.Open.Mode.CanWrite()))
        {
            return new FileFailure(FailureReason.NotARegularFile, $"{Path} is not a regular file");
        }

        if (options.Direct)
        {
            if (facts.Direct is not { } alignment)
            {
                return NoDirectIo;
            }

            Handle.Alignment = alignment;
        }

        var appends = IsRegular && spawn.Open.Mode.CanWrite();
        error = _calls.MakeBlocking(descriptor, options.Direct, ref appends);
        Handle.AppendsByDefault = error >= 0 && appends;
        return error < 0
            ? FileFailure.Of("fcntl", Path, -error)
            : Register(facts.Identity) ?? Lock(descriptor);
    }

    /// <summary>Opens on a system other than Linux, on the calling thread.</summary>
    public FileFailure? OpenPortably()
    {
        if (options.Direct || options.AdvisoryLock)
        {
            return new FileFailure(FailureReason.NotSupported, "direct I/O and advisory locks are for Linux only");
        }

        try
        {
            Handle = PortableCalls.Open(spawn.OpenedPath, spawn.Open.Mode, options.CreateMode);
            Length = RandomAccess.GetLength(Handle.Safe!);
            Handle.IsCached = IsRegular = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var errno = PortableCalls.ErrnoOf(e);
            return new FileFailure(CompletionDecision.ReasonOf(errno), e.Message, errno);
        }

        return Register(new FileIdentity(0, 0, spawn.OpenedPath));
    }

    /// <summary>Asks how many bytes are in the file now, each time, for others may write it too.</summary>
    /// <returns>False when the system does not say; <see cref="Length"/> is as it was.</returns>
    public bool TryUpdateLength()
    {
        if (Handle!.Safe is { } handle)
        {
            Length = RandomAccess.GetLength(handle);
            return true;
        }

        if (!IsRegular || _calls.TryGetLength(Handle.Descriptor, out var length) != 0)
        {
            return false;
        }

        Length = length;
        return true;
    }

    /// <summary>What the system says of it now; 0 or a negative errno.</summary>
    public int TryStat(out FileStatus? status)
    {
        if (Handle!.Safe is not { } handle)
        {
            return _calls.TryStat(Handle.Descriptor, out status);
        }

        status = new FileStatus
        {
            Kind = FileKind.File,
            Length = RandomAccess.GetLength(handle),
            Mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(handle),
            LastWriteTimeUtc = File.GetLastWriteTimeUtc(handle),
            LastAccessTimeUtc = File.GetLastAccessTimeUtc(handle),
            CreationTimeUtc = File.GetCreationTimeUtc(handle),
        };
        return 0;
    }

    /// <summary>Lets others open it for writing. Twice does nothing.</summary>
    public void Unregister()
    {
        if (_registered is { } registered)
        {
            _registered = null;
            engine.Writers.Remove(registered.Identity, registered.File);
        }
    }

    private FileFailure? Register(FileIdentity identity)
    {
        if (!spawn.Open.Mode.CanWrite())
        {
            return null;
        }

        if (engine.Writers.TryAdd(identity, Handle!, Path, _calls, out var other))
        {
            _registered = (identity, Handle!);
            return null;
        }

        return new FileFailure(
            FailureReason.AlreadyOpen,
            $"{Path} is already open for writing in this engine" + (other == Path ? "" : $", as {other}"));
    }

    [SupportedOSPlatform("linux")]
    private FileFailure? Lock(int descriptor)
    {
        var error = options.AdvisoryLock ? _calls.TryLock(descriptor) : 0;
        return error switch
        {
            0 => null,
            -Errno.EAGAIN => new FileFailure(FailureReason.Locked, $"another process holds the lock on {Path}"),
            _ => FileFailure.Of("flock", Path, -error),
        };
    }
}
