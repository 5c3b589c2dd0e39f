using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.Paths;

namespace Actors.Adversary.Faults;

/// <summary>Calls on names, on a disk that is worse than this one. What fails did nothing, but for a close.</summary>
internal sealed class FaultyPaths(FaultDice dice, ILinuxPaths inner) : ILinuxPaths
{
    public int Open(int directory, ReadOnlySpan<byte> name, int flags, int mode = 0) =>
        Fails("openat", PathErrors.Open, out var error) ? error : inner.Open(directory, name, flags, mode);

    public int Close(int file)
    {
        var fails = Fails("close", PathErrors.Close, out var error);
        var result = inner.Close(file);
        return fails ? error : result;
    }

    public int Stat(int directory, ReadOnlySpan<byte> name, bool followLinks, out Statx info)
    {
        info = default;
        return Fails("statx", PathErrors.Stat, out var error)
            ? error
            : inner.Stat(directory, name, followLinks, out info);
    }

    public int Stat(int file, out Statx info)
    {
        info = default;
        return Fails("statx", PathErrors.Stat, out var error) ? error : inner.Stat(file, out info);
    }

    public bool AreSame(int one, int other) => inner.AreSame(one, other);

    public int MakeDirectory(int directory, ReadOnlySpan<byte> name, int mode) =>
        Fails("mkdirat", PathErrors.Make, out var error) ? error : inner.MakeDirectory(directory, name, mode);

    public int RemoveDirectory(int directory, ReadOnlySpan<byte> name) =>
        Fails("rmdir", PathErrors.Remove, out var error) ? error : inner.RemoveDirectory(directory, name);

    public int Unlink(int directory, ReadOnlySpan<byte> name) =>
        Fails("unlinkat", PathErrors.Remove, out var error) ? error : inner.Unlink(directory, name);

    public int Rename(
        int directory, ReadOnlySpan<byte> name, int newDirectory, ReadOnlySpan<byte> newName, bool overwrite) =>
        Fails("renameat2", PathErrors.Rename, out var error)
            ? error
            : inner.Rename(directory, name, newDirectory, newName, overwrite);

    public int MakeLink(ReadOnlySpan<byte> content, int directory, ReadOnlySpan<byte> name) =>
        Fails("symlinkat", PathErrors.Make, out var error) ? error : inner.MakeLink(content, directory, name);

    public int ReadLink(int directory, ReadOnlySpan<byte> name, Span<byte> buffer) =>
        Fails("readlinkat", PathErrors.Stat, out var error) ? error : inner.ReadLink(directory, name, buffer);

    public int SetMode(int file, int mode) =>
        Fails("fchmod", PathErrors.Metadata, out var error) ? error : inner.SetMode(file, mode);

    public int SetMode(int directory, ReadOnlySpan<byte> name, int mode) =>
        Fails("fchmodat", PathErrors.Metadata, out var error) ? error : inner.SetMode(directory, name, mode);

    public int SetTimes(int file, in Statx like) =>
        Fails("utimensat", PathErrors.Metadata, out var error) ? error : inner.SetTimes(file, in like);

    public int SetTimes(int directory, ReadOnlySpan<byte> name, in Statx like) =>
        Fails("utimensat", PathErrors.Metadata, out var error) ? error : inner.SetTimes(directory, name, in like);

    public int ReadEntries(int directory, Span<byte> buffer) =>
        Fails("getdents64", PathErrors.List, out var error) ? error : inner.ReadEntries(directory, buffer);

    public int GetWorkingDirectory(Span<byte> buffer) => inner.GetWorkingDirectory(buffer);

    public int Clone(int source, int target) =>
        Fails("FICLONE", PathErrors.Clone, out var error) ? error : inner.Clone(source, target);

    public long CopyRange(int source, int target, long position, long length) =>
        Fails("copy_file_range", PathErrors.CopyRange, ref length, isWrite: true, out var error)
            ? error
            : inner.CopyRange(source, target, position, length);

    public int Read(int file, Span<byte> buffer, long position)
    {
        long length = buffer.Length;
        return Fails("pread", PathErrors.Read, ref length, isWrite: false, out var error)
            ? error
            : inner.Read(file, buffer[..(int)length], position);
    }

    public int Write(int file, ReadOnlySpan<byte> data, long position)
    {
        long length = data.Length;
        return Fails("pwrite", PathErrors.Write, ref length, isWrite: true, out var error)
            ? error
            : inner.Write(file, data[..(int)length], position);
    }

    public int SetLength(int file, long length) =>
        Fails("ftruncate", PathErrors.Write, out var error) ? error : inner.SetLength(file, length);

    public long NextData(int file, long position) =>
        Fails("lseek", PathErrors.Seek, out var error) ? error : inner.NextData(file, position);

    public long NextHole(int file, long position) =>
        Fails("lseek", PathErrors.Seek, out var error) ? error : inner.NextHole(file, position);

    public int Sync(int file) => Fails("fsync", PathErrors.Sync, out var error) ? error : inner.Sync(file);

    public int SyncFileSystem(int file) =>
        Fails("syncfs", PathErrors.Sync, out var error) ? error : inner.SyncFileSystem(file);

    private bool Fails(string call, int[] errnos, out int error)
    {
        long none = 0;
        return Fails(call, errnos, ref none, isWrite: false, out error);
    }

    /// <returns>True with what the call answers instead; false when it is to be made, of what length is left.</returns>
    private bool Fails(string call, int[] errnos, ref long length, bool isWrite, out int error)
    {
        error = 0;
        switch (dice.Draw(call, length, isWrite))
        {
            case FaultKind.Error:
                error = -dice.ErrnoOf(call, errnos);
                return true;
            case FaultKind.Full:
                error = -Errno.ENOSPC;
                return true;
            case FaultKind.Zero:
            case FaultKind.Transient when call == "copy_file_range":
                // How some file systems say that they cannot.
                return true;
            case FaultKind.Short:
                length = dice.PartOf(length);
                return false;
            case FaultKind.Slow:
                Thread.Sleep(dice.Slowness());
                return false;
            case FaultKind.Stuck or FaultKind.StuckAfter:
                dice.Gate.Hold(static () => { });
                return false;
            default:
                return false;
        }
    }
}
