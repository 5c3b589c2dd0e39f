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

    private const int NoWait = 8; // RWF_NOWAIT, linux/fs.h; Linux 4.14.

    public void Perform(IoOperation operation)
    {
        var file = operation.File?.Descriptor ?? -1;
        long result = operation.Kind switch
        {
            IoKind.Read => pread(file, operation.NextByte, operation.NextLength, operation.NextOffset),
            IoKind.Write when operation.Append => Append(operation),
            IoKind.Write => pwrite(file, operation.NextByte, operation.NextLength, operation.NextOffset),
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

    /// <summary>Writes at the end as the kernel knows it at that moment, so that nobody else's bytes are written
    /// over. A device has no end: its bytes are written as they come.</summary>
    private static nint Append(IoOperation operation)
    {
        var file = operation.File!;
        if (file.IsDevice)
        {
            return write(file.Descriptor, operation.NextByte, operation.NextLength);
        }

        var vector = new IoVector { Base = operation.NextByte, Length = operation.NextLength };
        return Syscall(ProcessorNumbers.Here.PWriteV2, file.Descriptor, &vector, 1, 0, 0, AtEnd);
    }

    // preadv2 and pwritev2 by number, for musl has them only since 1.2.5. The position is one register on 64-bit systems,
    // and the one behind it is not used.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = false)]
    private static partial nint Syscall(
        nint number, nint file, IoVector* vectors, nint count, nint offset, nint unused, nint flags);

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
