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

    private const int NoWait = 8; // RWF_NOWAIT, linux/fs.h; Linux 4.14.

    // musl has it since 1.2.5; without it nothing is known to be cached.
    private static bool _hasPreadv2 = true;

    public void Perform(IoOperation operation)
    {
        var file = operation.File?.Descriptor ?? -1;
        long result = operation.Kind switch
        {
            IoKind.Read => pread(file, operation.NextByte, operation.NextLength, operation.NextOffset),
            IoKind.Write => pwrite(file, operation.NextByte, operation.NextLength, operation.NextOffset),
            IoKind.DataSync => fdatasync(file),
            IoKind.Sync => fsync(file),
            IoKind.Truncate => ftruncate(file, operation.Length),
            IoKind.Allocate => fallocate(file, FallocateKeepSize, operation.Offset, operation.Length),
            IoKind.Open => open(operation.Buffer, operation.Flags, operation.Mode),
            IoKind.Close => close(file),
            _ => -Errno.EOPNOTSUPP,
        };
        operation.Result = result == -1 ? -Marshal.GetLastSystemError() : result;
    }

    public bool TryReadCached(IoOperation operation)
    {
        try
        {
            return _hasPreadv2 && ReadCached(operation);
        }
        catch (EntryPointNotFoundException)
        {
            _hasPreadv2 = false;
            return false;
        }
    }

    private static bool ReadCached(IoOperation operation)
    {
        var vector = new IoVector { Base = operation.NextByte, Length = operation.NextLength };
        var result = preadv2(operation.File!.Descriptor, &vector, 1, operation.NextOffset, NoWait);
        if (result < 0)
        {
            // EAGAIN: it is not in the cache. Anything else is the ordinary read's to find and report.
            return false;
        }

        operation.Result = result;
        return true;
    }

    [LibraryImport("libc")]
    private static partial nint preadv2(int file, IoVector* vectors, int count, long offset, int flags);

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
