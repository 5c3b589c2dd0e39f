using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths;

/// <summary>
/// System calls on names, relative to an open directory, and on what they were opened as. Names end with a zero byte;
/// failures are negative errnos; interrupted calls are repeated where that is right.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxPaths
{
    /// <summary>AT_FDCWD: relative to the current directory.</summary>
    public const int WorkingDirectory = -100;

    private const int NoFollowName = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint NoReplace = 1; // RENAME_NOREPLACE
    private const nuint CloneFile = 0x40049409; // FICLONE, linux/fs.h
    private const int SeekData = 3;
    private const int SeekHole = 4;

    public static int DirectoryOnly => ProcessorNumbers.Here.OpenDirectory;

    public static int NoFollow => ProcessorNumbers.Here.OpenNoFollow;

    /// <summary>Flags to open a file for reading that may turn out to be a pipe or a terminal.</summary>
    public static int SafeRead =>
        LinuxFiles.ReadOnly | LinuxFiles.CloseOnExec | LinuxFiles.NonBlocking | LinuxFiles.NoControllingTerminal;

    public static int Open(int directory, ReadOnlySpan<byte> name, int flags, int mode = 0)
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

    public static void Close(int file)
    {
        if (file >= 0)
        {
            _ = close(file);
        }
    }

    public static int Stat(int directory, ReadOnlySpan<byte> name, bool followLinks, out Statx info)
    {
        fixed (byte* bytes = name)
        fixed (Statx* target = &info)
        {
            return Checked(statx(
                directory, bytes, followLinks ? 0 : NoFollowName, Statx.Basic | Statx.Birth, target));
        }
    }

    public static int Stat(int file, out Statx info)
    {
        byte empty = 0;
        fixed (Statx* target = &info)
        {
            return Checked(statx(file, &empty, EmptyPath, Statx.Basic, target));
        }
    }

    public static int MakeDirectory(int directory, ReadOnlySpan<byte> name, int mode)
    {
        fixed (byte* bytes = name)
        {
            return Checked(mkdirat(directory, bytes, mode));
        }
    }

    public static int Unlink(int directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = name)
        {
            return Checked(unlinkat(directory, bytes, 0));
        }
    }

    /// <summary>Renames within a directory, or between paths with <see cref="WorkingDirectory"/>.</summary>
    public static int Rename(int directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> newName, bool overwrite)
    {
        fixed (byte* from = name)
        fixed (byte* to = newName)
        {
            // By number: not every C library has it.
            return Checked((int)Syscall(
                ProcessorNumbers.Here.RenameAt2, directory, (nint)from, directory, (nint)to,
                overwrite ? 0 : (nint)NoReplace));
        }
    }

    public static int MakeLink(ReadOnlySpan<byte> content, int directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* to = content)
        fixed (byte* bytes = name)
        {
            return Checked(symlinkat(to, directory, bytes));
        }
    }

    /// <summary>What a symbolic link says, without a zero at the end; its length, cut to the buffer's.</summary>
    public static int ReadLink(int directory, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        fixed (byte* bytes = name)
        fixed (byte* to = buffer)
        {
            return Checked((int)readlinkat(directory, bytes, to, (nuint)buffer.Length));
        }
    }

    public static int SetMode(int file, int mode) => Checked(fchmod(file, mode));

    /// <summary>Gives an open file another's times.</summary>
    public static int SetTimes(int file, in Statx like)
    {
        var times = stackalloc TimeSpec[2] { new(like.Accessed), new(like.Modified) };
        return Checked(futimens(file, times));
    }

    /// <summary>Gives a name, itself if it is a link, another's times.</summary>
    public static int SetTimes(int directory, ReadOnlySpan<byte> name, in Statx like)
    {
        var times = stackalloc TimeSpec[2] { new(like.Accessed), new(like.Modified) };
        fixed (byte* bytes = name)
        {
            return Checked(utimensat(directory, bytes, times, NoFollowName));
        }
    }

    /// <summary>Fills a buffer with records of a directory's entries; bytes, 0 at the end.</summary>
    public static int ReadEntries(int directory, Span<byte> buffer)
    {
        fixed (byte* to = buffer)
        {
            return Checked((int)Syscall(
                ProcessorNumbers.Here.GetDents64, directory, (nint)to, buffer.Length, 0, 0));
        }
    }

    // ------------------------------------------------------------------ content

    /// <summary>Makes a file share all of another's content.</summary>
    public static int Clone(int source, int target) => Checked(ioctl(target, CloneFile, source));

    /// <summary>Has the kernel copy from one file to another at the same position.</summary>
    public static long CopyRange(int source, int target, long position, long length)
    {
        long from = position, to = position;
        nint result;
        do
        {
            result = copy_file_range(source, &from, target, &to, (nuint)length, 0);
        }
        while (result < 0 && Marshal.GetLastSystemError() == Errno.EINTR);
        return result < 0 ? -Marshal.GetLastSystemError() : result;
    }

    public static int Read(int file, Span<byte> buffer, long position)
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

    /// <summary>Writes all of it; 0 or a negative errno.</summary>
    public static int Write(int file, ReadOnlySpan<byte> data, long position)
    {
        fixed (byte* from = data)
        {
            for (var done = 0; done < data.Length;)
            {
                var result = Checked((int)pwrite(file, from + done, (nuint)(data.Length - done), position + done));
                if (result <= 0 && result != -Errno.EINTR)
                {
                    return result == 0 ? -Errno.ENOSPC : result;
                }

                done += Math.Max(0, result);
            }
        }

        return 0;
    }

    public static int SetLength(int file, long length) => Checked(ftruncate(file, length));

    /// <summary>The next position at or after one that holds data; ENXIO when only a hole is left.</summary>
    public static long NextData(int file, long position) => Checked(lseek(file, position, SeekData));

    /// <summary>The next position at or after one that is in a hole, of which there is one at the end.</summary>
    public static long NextHole(int file, long position) => Checked(lseek(file, position, SeekHole));

    public static int Sync(int file) => Checked(fsync(file));

    /// <summary>Writes everything of a file system to its device.</summary>
    public static int SyncFileSystem(int file) => Checked(syncfs(file));

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
