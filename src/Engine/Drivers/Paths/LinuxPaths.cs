using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths;

/// <summary>The calls of this kernel, through libc.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class LinuxPaths : ILinuxPaths
{
    /// <summary>AT_FDCWD: relative to the current directory.</summary>
    public const int WorkingDirectory = -100;

    private const int NoFollowName = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int DirectoryName = 0x200; // AT_REMOVEDIR
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint NoReplace = 1; // RENAME_NOREPLACE
    private const nuint CloneFile = 0x40049409; // FICLONE, linux/fs.h
    private const int SeekData = 3;
    private const int SeekHole = 4;

    public static int DirectoryOnly => ProcessorNumbers.Here.OpenDirectory;

    public static int NoFollow => ProcessorNumbers.Here.OpenNoFollow;

    /// <summary>Flags to open a directory so that it can be listed and synced.</summary>
    public static int ReadDirectory => LinuxFiles.ReadOnly | LinuxFiles.CloseOnExec | DirectoryOnly;

    /// <summary>Flags to open a file for reading that may turn out to be a pipe or a terminal.</summary>
    public static int SafeRead =>
        LinuxFiles.ReadOnly | LinuxFiles.CloseOnExec | LinuxFiles.NonBlocking | LinuxFiles.NoControllingTerminal;

    public int Open(int directory, ReadOnlySpan<byte> name, int flags, int mode = 0)
    {
        fixed (byte* bytes = name)
        {
            int result;
            do
            {
                result = Checked(openat(directory, bytes, flags, mode));
            }
            while (result == -Errno.EINTR);
            return result;
        }
    }

    public int Close(int file)
    {
        // Linux has released the descriptor whatever it says (close(2), NOTES).
        var result = file < 0 ? 0 : Checked(close(file));
        return result == -Errno.EINTR ? 0 : result;
    }

    public int Stat(int directory, ReadOnlySpan<byte> name, bool followLinks, out Statx info)
    {
        fixed (byte* bytes = name)
        fixed (Statx* target = &info)
        {
            return Checked(statx(
                directory, bytes, followLinks ? 0 : NoFollowName, Statx.Basic | Statx.Birth, target));
        }
    }

    public int Stat(int file, out Statx info)
    {
        byte empty = 0;
        fixed (Statx* target = &info)
        {
            return Checked(statx(file, &empty, EmptyPath, Statx.Basic, target));
        }
    }

    public bool AreSame(int one, int other) => LinuxFiles.AreSame(one, other);

    public int MakeDirectory(int directory, ReadOnlySpan<byte> name, int mode)
    {
        fixed (byte* bytes = name)
        {
            return Checked(mkdirat(directory, bytes, mode));
        }
    }

    public int RemoveDirectory(int directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = name)
        {
            return Checked(unlinkat(directory, bytes, DirectoryName));
        }
    }

    public int Unlink(int directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = name)
        {
            return Checked(unlinkat(directory, bytes, 0));
        }
    }

    public int Rename(
        int directory, ReadOnlySpan<byte> name, int newDirectory, ReadOnlySpan<byte> newName, bool overwrite)
    {
        fixed (byte* from = name)
        fixed (byte* to = newName)
        {
            // By number: not every C library has it.
            return Checked((int)Syscall(
                ProcessorNumbers.Here.RenameAt2, directory, (nint)from, newDirectory, (nint)to,
                overwrite ? 0 : (nint)NoReplace));
        }
    }

    public int MakeLink(ReadOnlySpan<byte> content, int directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* to = content)
        fixed (byte* bytes = name)
        {
            return Checked(symlinkat(to, directory, bytes));
        }
    }

    public int ReadLink(int directory, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        fixed (byte* bytes = name)
        fixed (byte* to = buffer)
        {
            return Checked((int)readlinkat(directory, bytes, to, (nuint)buffer.Length));
        }
    }

    public int SetMode(int file, int mode) => Checked(fchmod(file, mode));

    public int SetMode(int directory, ReadOnlySpan<byte> name, int mode)
    {
        fixed (byte* bytes = name)
        {
            return Checked(fchmodat(directory, bytes, mode, 0));
        }
    }

    public int SetTimes(int file, in Statx like)
    {
        var times = stackalloc TimeSpec[2] { new(like.Accessed), new(like.Modified) };
        return Checked(futimens(file, times));
    }

    public int SetTimes(int directory, ReadOnlySpan<byte> name, in Statx like)
    {
        var times = stackalloc TimeSpec[2] { new(like.Accessed), new(like.Modified) };
        fixed (byte* bytes = name)
        {
            return Checked(utimensat(directory, bytes, times, NoFollowName));
        }
    }

    public int ReadEntries(int directory, Span<byte> buffer)
    {
        fixed (byte* to = buffer)
        {
            return Checked((int)Syscall(
                ProcessorNumbers.Here.GetDents64, directory, (nint)to, buffer.Length, 0, 0));
        }
    }

    public int GetWorkingDirectory(Span<byte> buffer)
    {
        fixed (byte* to = buffer)
        {
            return getcwd(to, (nuint)buffer.Length) == null ? -Marshal.GetLastSystemError() : buffer.IndexOf((byte)0);
        }
    }

    // ------------------------------------------------------------------ content

    public int Clone(int source, int target) => Checked(ioctl(target, CloneFile, source));

    public long CopyRange(int source, int target, long position, long length)
    {
        long from = position, to = position;
        long result;
        do
        {
            result = Checked(copy_file_range(source, &from, target, &to, (nuint)length, 0));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    public int Read(int file, Span<byte> buffer, long position)
    {
        fixed (byte* to = buffer)
        {
            int result;
            do
            {
                result = Checked((int)pread(file, to, (nuint)buffer.Length, position));
            }
            while (result == -Errno.EINTR);
            return result;
        }
    }

    public int Write(int file, ReadOnlySpan<byte> data, long position)
    {
        fixed (byte* from = data)
        {
            int result;
            do
            {
                result = Checked((int)pwrite(file, from, (nuint)data.Length, position));
            }
            while (result == -Errno.EINTR);
            return result;
        }
    }

    public int SetLength(int file, long length)
    {
        int result;
        do
        {
            result = Checked(ftruncate(file, length));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    public long NextData(int file, long position) => Checked(lseek(file, position, SeekData));

    public long NextHole(int file, long position) => Checked(lseek(file, position, SeekHole));

    public int Sync(int file)
    {
        int result;
        do
        {
            result = Checked(fsync(file));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    public int SyncFileSystem(int file) => Checked(syncfs(file));

    private static int Checked(int result) => result < 0 ? -Marshal.GetLastSystemError() : result;

    private static long Checked(long result) => result < 0 ? -Marshal.GetLastSystemError() : result;

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    // Variadic in C, as ioctl is; on x64 and arm64 Linux the arguments travel in registers all the same.
    [LibraryImport("libc")]
    private static partial int openat(int directory, byte* name, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int close(int file);

    [LibraryImport("libc")]
    private static partial int statx(int directory, byte* name, int flags, uint mask, Statx* info);

    [LibraryImport("libc")]
    private static partial int mkdirat(int directory, byte* name, int mode);

    [LibraryImport("libc")]
    private static partial int unlinkat(int directory, byte* name, int flags);

    [LibraryImport("libc")]
    private static partial int symlinkat(byte* content, int directory, byte* name);

    [LibraryImport("libc")]
    private static partial nint readlinkat(int directory, byte* name, byte* buffer, nuint size);

    [LibraryImport("libc")]
    private static partial int fchmod(int file, int mode);

    [LibraryImport("libc")]
    private static partial int fchmodat(int directory, byte* name, int mode, int flags);

    [LibraryImport("libc")]
    private static partial byte* getcwd(byte* buffer, nuint size);

    [LibraryImport("libc")]
    private static partial int futimens(int file, TimeSpec* times);

    [LibraryImport("libc")]
    private static partial int utimensat(int directory, byte* name, TimeSpec* times, int flags);

    [LibraryImport("libc")]
    private static partial int ioctl(int file, nuint request, nint argument);

    [LibraryImport("libc")]
    private static partial nint copy_file_range(
        int source, long* from, int target, long* to, nuint length, uint flags);

    [LibraryImport("libc")]
    private static partial nint pread(int file, byte* buffer, nuint count, long position);

    [LibraryImport("libc")]
    private static partial nint pwrite(int file, byte* buffer, nuint count, long position);

    [LibraryImport("libc")]
    private static partial int ftruncate(int file, long length);

    [LibraryImport("libc")]
    private static partial long lseek(int file, long position, int whence);

    [LibraryImport("libc")]
    private static partial int fsync(int file);

    [LibraryImport("libc")]
    private static partial int syncfs(int file);

    /// <summary>struct timespec of a 64-bit system.</summary>
    private readonly struct TimeSpec(StatxTime time)
    {
        public readonly long Seconds = time.Seconds;
        public readonly long Nanoseconds = time.Nanoseconds;
    }
}
