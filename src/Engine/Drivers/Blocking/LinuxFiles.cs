using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Actors.Engine.Drivers.Blocking;

/// <summary>What is known of an open file.</summary>
/// <param name="IsRegular">False for directories, pipes, sockets and devices.</param>
/// <param name="IsCharacterDevice">True for /dev/null, /dev/full, terminals and their like.</param>
/// <param name="HasPositions">False for what can only be read and written in sequence, such as a terminal.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Identity">Device and inode.</param>
/// <param name="Direct">What direct I/O asks for; null when the file has none.</param>
internal readonly record struct FileFacts(
    bool IsRegular, bool IsCharacterDevice, bool HasPositions, long Length, FileIdentity Identity, IoAlignment? Direct);

/// <summary>What makes two paths the same file: device and inode on Linux, the full path elsewhere.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, string? Path);

/// <summary>Calls on open descriptors beyond transfers: flags, facts, locks.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFiles
{
    // asm-generic/fcntl.h; what arm64 has elsewhere is in ProcessorNumbers.
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoControllingTerminal = 0x100;
    public const int Append = 0x400;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000; // O_PATH

    private const int SetFlags = 4; // F_SETFL
    private const int SeekCurrent = 1; // SEEK_CUR
    private const int LockExclusive = 2; // LOCK_EX
    private const int LockNonBlocking = 4; // LOCK_NB
    private const int AtEmptyPath = 0x1000;
    private const int AtDoNotSync = 0x4000; // AT_STATX_DONT_SYNC
    private const int NotifyCloseOnExec = 0x80000; // IN_CLOEXEC
    private const uint NotifyDeleteSelf = 0x400; // IN_DELETE_SELF
    private const long Xfs = 0x58465342; // linux/magic.h
    private const long Btrfs = 0x9123683e;
    private const long Extended = 0xef53; // ext2 to ext4
    private const long Memory = 0x01021994; // tmpfs

    /// <summary>Where the kernel does not say what direct I/O asks for: a page satisfies every file system.</summary>
    private const int AlignmentUnknown = 4096;

    public static int Direct => ProcessorNumbers.Here.OpenDirect;

    /// <summary>The open(2) flags of a mode. Never O_TRUNC: a file is truncated only once it is known that nobody here
    /// writes it. O_NONBLOCK so that opening a pipe cannot hang.</summary>
    public static int OpenFlags(OpenMode mode, bool direct) =>
        CloseOnExec | NoControllingTerminal | NonBlocking | (direct ? Direct : 0)
        | (!mode.CanWrite() ? ReadOnly : mode.CanRead() ? ReadWrite : WriteOnly)
        | (mode.Creates() ? Create : 0) | (mode.RefusesExisting() ? Exclusive : 0);

    /// <summary>Facts of an open file; 0 or a negative errno.</summary>
    public static int TryGetFacts(int file, out FileFacts facts)
    {
        var error = TryStat(file, out var info);
        facts = error < 0
            ? default
            : new FileFacts(
                info.IsRegular, info.IsCharacterDevice, info.IsRegular || HasPositions(file), (long)info.Size, info.Identity,
                AlignmentOf(info));
        return error;
    }

    private static bool HasPositions(int file) => lseek(file, 0, SeekCurrent) >= 0;

    /// <summary>All that the kernel says of an open file; 0 or a negative errno.</summary>
    public static int TryStat(int file, out Statx info)
    {
        fixed (Statx* target = &info)
        {
            return Stat(file, target);
        }
    }

    /// <inheritdoc cref="TryStat"/>
    public static int Stat(int file, Statx* target) => Stat(file, 0, target);

    /// <summary>What the kernel remembers of an open file, without asking a server; 0 or a negative errno.</summary>
    public static int TryStatCached(int file, out Statx info)
    {
        fixed (Statx* target = &info)
        {
            return Stat(file, AtDoNotSync, target);
        }
    }

    /// <summary>
    /// Whether the kernel can try a buffered write to this file without blocking. Filesystems say so to the kernel by
    /// FOP_BUFFER_WASYNC; there is no call that asks. As of Linux 6.18 xfs (5.20) and btrfs (6.1) do.
    /// </summary>
    public static bool CanTryBufferedWrites(int file)
    {
        Statfs info;
        return fstatfs(file, &info) == 0 && info.Type is (Xfs or Btrfs);
    }

    /// <summary>
    /// Whether two descriptors of one device and inode are of one file: some FUSE file systems number all of their files
    /// alike. A watch of a file that has one already is the same watch (inotify_add_watch(2)). A FUSE file system may have
    /// the kernel take two hard links for two files, and remember the links of one of them from before; so they are one
    /// file if either has several links. True where that cannot be told.
    /// </summary>
    public static bool AreSame(int one, int other)
    {
        var watches = inotify_init1(NotifyCloseOnExec);
        if (watches < 0)
        {
            return true;
        }

        var first = inotify_add_watch(watches, $"/proc/self/fd/{one}", NotifyDeleteSelf);
        var second = inotify_add_watch(watches, $"/proc/self/fd/{other}", NotifyDeleteSelf);
        _ = close(watches);
        return first < 0 || second < 0 || first == second || HasLinks(one) || HasLinks(other);
    }

    private static bool HasLinks(int file) => TryStat(file, out var info) == 0 && info.Links > 1;

    /// <summary>Takes O_NONBLOCK away again: io_uring would answer EAGAIN for such a file instead of waiting. With the same
    /// call O_APPEND is set, with which an append costs less than with RWF_APPEND (30 bytes to ext4: 530 and 600 ns).
    /// </summary>
    /// <param name="file">Open, with no other flag of those that can be set.</param>
    /// <param name="direct">Whether it has O_DIRECT, and keeps it.</param>
    /// <param name="appends">Whether O_APPEND is wanted; then whether it is set. Not where a write that says otherwise could
    /// be taken for an append: before RWF_NOAPPEND, and by file systems that pass the flag on, such as FUSE and overlay.
    /// A file that may only grow (chattr +a) keeps it everywhere, and the kernel refuses other writes there.</param>
    public static int MakeBlocking(int file, bool direct, ref bool appends)
    {
        Statfs info;
        appends = appends && LinuxCalls.CanLeaveEnd && fstatfs(file, &info) == 0
            && info.Type is (Extended or Xfs or Btrfs or Memory);
        var error = SetStatusFlags(file, direct, appends);
        if (error == -Errno.EPERM && !appends)
        {
            appends = true;
            error = SetStatusFlags(file, direct, appends);
        }

        return error;
    }

    private static int SetStatusFlags(int file, bool direct, bool appends) =>
        fcntl(file, SetFlags, (direct ? Direct : 0) | (appends ? Append : 0)) < 0 ? -Marshal.GetLastSystemError() : 0;

    /// <summary>Sets O_APPEND and takes away the other flags that can be set.</summary>
    public static int SetAppend(int file) => fcntl(file, SetFlags, Append);

    /// <summary>Takes an exclusive flock(2) without waiting; 0 or a negative errno, EAGAIN when it is held.</summary>
    public static int TryLock(int file) =>
        flock(file, LockExclusive | LockNonBlocking) < 0 ? -Marshal.GetLastSystemError() : 0;

    private static int Stat(int file, int flags, Statx* target)
    {
        byte empty = 0;
        return statx(
            file, &empty, AtEmptyPath | flags, Statx.Basic | Statx.Birth | Statx.DirectAlignment, target) < 0
            ? -Marshal.GetLastSystemError()
            : 0;
    }

    // Zeros say that this file has no direct I/O.
    private static IoAlignment? AlignmentOf(in Statx info) =>
        (info.Mask & Statx.DirectAlignment) == 0 ? new IoAlignment(AlignmentUnknown, AlignmentUnknown)
        : info.DirectOffsetAlignment == 0 ? null
        : new IoAlignment((int)Math.Max(1, info.DirectMemoryAlignment), (int)info.DirectOffsetAlignment);

    [LibraryImport("libc")]
    private static partial int statx(int directory, byte* path, int flags, uint mask, Statx* info);

    [LibraryImport("libc")]
    private static partial int fstatfs(int file, Statfs* info);

    [LibraryImport("libc")]
    private static partial int fcntl(int file, int command, nint argument);

    [LibraryImport("libc")]
    private static partial long lseek(int file, long offset, int whence);

    [LibraryImport("libc")]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(int watches, string path, uint events);

    [LibraryImport("libc")]
    private static partial int flock(int file, int operation);

    [LibraryImport("libc")]
    private static partial int close(int file);

    /// <summary>struct statfs (asm-generic/statfs.h), 120 bytes on 64-bit systems.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    private struct Statfs
    {
        [FieldOffset(0)] public long Type;
    }
}
