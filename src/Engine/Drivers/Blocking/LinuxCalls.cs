using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Actors.Engine.Drivers.Blocking;

/// <summary>
/// The operations as Linux system calls, through libc. Cheaper than <see cref="RandomAccess"/> (no handle reference
/// counting, no exception on failure), and errno comes back unchanged.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class LinuxCalls : IBlockingCalls
{
    /// <summary>FALLOC_FL_KEEP_SIZE, linux/falloc.h.</summary>
    public const int FallocateKeepSize = 1;

    /// <summary>RWF_APPEND, linux/fs.h; Linux 4.16.</summary>
    public const int AtEnd = 0x10;

    /// <summary>RWF_NOAPPEND, linux/fs.h; Linux 6.9.</summary>
    public const int NotAtEnd = 0x20;

    private const int NoWait = 8; // RWF_NOWAIT, linux/fs.h; Linux 4.14.

    /// <summary>Whether a write to a file with O_APPEND can go to a position. Tried, on a file in memory: an answer without
    /// an error says nothing where the kernel is imitated.</summary>
    public static bool CanLeaveEnd { get; } = TryToLeaveEnd();

    /// <summary>What a transfer says to the kernel of where it goes, beside its offset.</summary>
    public static int FlagsOf(IoOperation operation) => operation switch
    {
        { Kind: not IoKind.Write } or { File.IsDevice: true } => 0,
        { Append: true } => operation.File!.AppendsByDefault ? 0 : AtEnd,
        _ => operation.File!.AppendsByDefault ? NotAtEnd : 0,
    };

    public void Perform(IoOperation operation)
    {
        var file = operation.File?.Descriptor ?? -1;
        long result = operation.Kind switch
        {
            IoKind.Read => pread(file, operation.NextByte, operation.NextLength, operation.NextOffset),
            IoKind.Write => Write(operation),
            IoKind.DataSync => fdatasync(file),
            IoKind.Sync => fsync(file),
            IoKind.Truncate => ftruncate(file, operation.Length),
            IoKind.Allocate => fallocate(file, FallocateKeepSize, operation.Offset, operation.Length),
            IoKind.Open => open(operation.Buffer, operation.Flags, operation.Mode),
            IoKind.Close => close(file),
            IoKind.Stat => LinuxFiles.Stat(file, (Statx*)operation.Buffer),
            _ => -Errno.EOPNOTSUPP,
        };
        operation.Result = result == -1 ? -Marshal.GetLastSystemError() : result;
    }

    public bool TryReadCached(IoOperation operation)
    {
        var vector = new IoVector { Base = operation.NextByte, Length = operation.NextLength };
        var result = Syscall(
            ProcessorNumbers.Here.PReadV2, operation.File!.Descriptor, &vector, 1, (nint)operation.NextOffset, 0, NoWait);
        if (result < 0)
        {
            // EAGAIN: it is not in the cache. Anything else is the ordinary read's to find and report.
            return false;
        }

        operation.Result = result;
        return true;
    }

    /// <summary>An append goes to the end as the kernel knows it at that moment, so that nobody else's bytes are written
    /// over. A device has no end: its bytes are written as they come.</summary>
    private static nint Write(IoOperation operation)
    {
        var file = operation.File!;
        if (operation.Append && file.IsDevice)
        {
            return write(file.Descriptor, operation.NextByte, operation.NextLength);
        }

        var flags = FlagsOf(operation);
        var offset = operation.Append ? 0 : operation.NextOffset;
        return flags == 0
            ? pwrite(file.Descriptor, operation.NextByte, operation.NextLength, offset)
            : WriteWith(flags, file.Descriptor, operation.NextByte, operation.NextLength, offset);
    }

    private static nint WriteWith(int flags, int file, byte* buffer, nuint count, long offset)
    {
        var vector = new IoVector { Base = buffer, Length = count };
        return Syscall(ProcessorNumbers.Here.PWriteV2, file, &vector, 1, (nint)offset, 0, flags);
    }

    private static bool TryToLeaveEnd()
    {
        int file;
        try
        {
            file = memfd_create("rwf-noappend", 1); // MFD_CLOEXEC
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }

        if (file < 0)
        {
            return false;
        }

        byte one = 1, two = 2, read = 0;
        var leaves = pwrite(file, &one, 1, 0) == 1
            && LinuxFiles.SetAppend(file) == 0
            && WriteWith(NotAtEnd, file, &two, 1, 0) == 1
            && pread(file, &read, 1, 0) == 1 && read == two
            && pwrite(file, &one, 1, 0) == 1
            && pread(file, &read, 1, 1) == 1 && read == one;
        _ = close(file);
        return leaves;
    }

    // preadv2 and pwritev2 by number, for musl has them only since 1.2.5. The position is one register on 64-bit systems,
    // and the one behind it is not used.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = false)]
    private static partial nint Syscall(
        nint number, nint file, IoVector* vectors, nint count, nint offset, nint unused, nint flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc")]
    private static partial nint write(int file, byte* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial nint pread(int file, byte* buffer, nuint count, long offset);

    [LibraryImport("libc")]
    private static partial nint pwrite(int file, byte* buffer, nuint count, long offset);

    [LibraryImport("libc")]
    private static partial int fdatasync(int file);

    [LibraryImport("libc")]
    private static partial int fsync(int file);

    [LibraryImport("libc")]
    private static partial int ftruncate(int file, long length);

    [LibraryImport("libc")]
    private static partial int fallocate(int file, int mode, long offset, long length);

    // Variadic in C; on x64 and arm64 Linux its arguments travel in registers all the same.
    [LibraryImport("libc")]
    private static partial int open(byte* path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int close(int file);

    /// <summary>struct iovec (sys/uio.h).</summary>
    private struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }
}
