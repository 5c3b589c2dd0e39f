using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.Paths;

namespace Actors.Engine.Tests.Scenario;

/// <summary>The system's calls on names, some of which answer what a test says instead.</summary>
internal sealed class ScriptedPaths : ILinuxPaths
{
    private readonly ILinuxPaths _kernel = SystemCalls.Platform.Paths!;

    /// <summary>Asked before each call, by the name of the system call: what it answers, or null to perform it. What a
    /// close answers comes after it was performed.</summary>
    public Func<string, long?> Answer { get; set; } = _ => null;

    /// <summary>Bytes that one read or write moves at most.</summary>
    public int TransferMax { get; set; } = int.MaxValue;

    public SystemCallsSetup Setup => new(SystemCalls.Platform with { Paths = this });

    public int Open(int directory, ReadOnlySpan<byte> name, int flags, int mode = 0) =>
        (int?)Answer("openat") ?? _kernel.Open(directory, name, flags, mode);

    public int Close(int file)
    {
        if (file < 0)
        {
            return 0;
        }

        var closed = _kernel.Close(file);
        return (int?)Answer("close") ?? closed;
    }

    public int Stat(int directory, ReadOnlySpan<byte> name, bool followLinks, out Statx info)
    {
        info = default;
        return (int?)Answer("statx") ?? _kernel.Stat(directory, name, followLinks, out info);
    }

    public int Stat(int file, out Statx info)
    {
        info = default;
        return (int?)Answer("statx") ?? _kernel.Stat(file, out info);
    }

    public bool AreSame(int one, int other) => _kernel.AreSame(one, other);

    public int MakeDirectory(int directory, ReadOnlySpan<byte> name, int mode) =>
        (int?)Answer("mkdirat") ?? _kernel.MakeDirectory(directory, name, mode);

    public int RemoveDirectory(int directory, ReadOnlySpan<byte> name) =>
        (int?)Answer("rmdir") ?? _kernel.RemoveDirectory(directory, name);

    public int Unlink(int directory, ReadOnlySpan<byte> name) =>
        (int?)Answer("unlinkat") ?? _kernel.Unlink(directory, name);

    public int Rename(
        int directory, ReadOnlySpan<byte> name, int newDirectory, ReadOnlySpan<byte> newName, bool overwrite) =>
        (int?)Answer("renameat2") ?? _kernel.Rename(directory, name, newDirectory, newName, overwrite);

    public int MakeLink(ReadOnlySpan<byte> content, int directory, ReadOnlySpan<byte> name) =>
        (int?)Answer("symlinkat") ?? _kernel.MakeLink(content, directory, name);

    public int ReadLink(int directory, ReadOnlySpan<byte> name, Span<byte> buffer) =>
        (int?)Answer("readlinkat") ?? _kernel.ReadLink(directory, name, buffer);

    public int SetMode(int file, int mode) => (int?)Answer("fchmod") ?? _kernel.SetMode(file, mode);

    public int SetMode(int directory, ReadOnlySpan<byte> name, int mode) =>
        (int?)Answer("fchmodat") ?? _kernel.SetMode(directory, name, mode);

    public int SetTimes(int file, in Statx like) => (int?)Answer("futimens") ?? _kernel.SetTimes(file, like);

    public int SetTimes(int directory, ReadOnlySpan<byte> name, in Statx like) =>
        (int?)Answer("utimensat") ?? _kernel.SetTimes(directory, name, like);

    public int ReadEntries(int directory, Span<byte> buffer) =>
        (int?)Answer("getdents64") ?? _kernel.ReadEntries(directory, buffer);

    public int GetWorkingDirectory(Span<byte> buffer) =>
        (int?)Answer("getcwd") ?? _kernel.GetWorkingDirectory(buffer);

    public int Clone(int source, int target) => (int?)Answer("ficlone") ?? _kernel.Clone(source, target);

    public long CopyRange(int source, int target, long position, long length) =>
        Answer("copy_file_range") ?? _kernel.CopyRange(source, target, position, Math.Min(length, TransferMax));

    public int Read(int file, Span<byte> buffer, long position) =>
        (int?)Answer("pread") ?? _kernel.Read(file, buffer[..Math.Min(buffer.Length, TransferMax)], position);

    public int Write(int file, ReadOnlySpan<byte> data, long position) =>
        (int?)Answer("pwrite") ?? _kernel.Write(file, data[..Math.Min(data.Length, TransferMax)], position);

    public int SetLength(int file, long length) => (int?)Answer("ftruncate") ?? _kernel.SetLength(file, length);

    public long NextData(int file, long position) => Answer("lseek") ?? _kernel.NextData(file, position);

    public long NextHole(int file, long position) => Answer("lseek") ?? _kernel.NextHole(file, position);

    public int Sync(int file) => (int?)Answer("fsync") ?? _kernel.Sync(file);

    public int SyncFileSystem(int file) => (int?)Answer("syncfs") ?? _kernel.SyncFileSystem(file);
}
