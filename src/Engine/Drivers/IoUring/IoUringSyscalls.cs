using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Actors.Engine.Drivers.IoUring;

/// <summary>The three system calls of io_uring, and the mapping of its rings. Failures are negative errnos.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class IoUringSyscalls
{
    private const int ProtReadWrite = 3;
    private const int MapSharedPopulate = 0x01 | 0x8000;

    public static int Setup(uint entries, IoUringAbi.Params* parameters) =>
        Checked(Syscall(IoUringAbi.SysSetup, (nint)entries, (nint)parameters, 0, 0, 0, 0));

    /// <summary>Can block when <paramref name="minComplete"/> is not 0, hence an ordinary P/Invoke.</summary>
    public static int Enter(int ring, uint submit, uint minComplete, uint flags, void* argument, nuint size) =>
        Checked(Syscall(
            IoUringAbi.SysEnter, ring, (nint)submit, (nint)minComplete, (nint)flags, (nint)argument, (nint)size));

    public static int Register(int ring, uint opcode, void* argument, uint count) =>
        Checked(Syscall(IoUringAbi.SysRegister, ring, (nint)opcode, (nint)argument, (nint)count, 0, 0));

    /// <summary>Maps part of a ring, or throws.</summary>
    public static byte* Map(int ring, nuint length, long offset)
    {
        var address = mmap(null, length, ProtReadWrite, MapSharedPopulate, ring, offset);
        return (nint)address == -1
            ? throw new DriverUnavailableException(
                $"mapping an io_uring failed: {Errno.Describe(Marshal.GetLastSystemError())}.", "Use another backend.")
            : (byte*)address;
    }

    public static void Unmap(byte* address, nuint length) => _ = munmap(address, length);

    public static void Close(int ring) => _ = close(ring);

    private static int Checked(nint result) => result < 0 ? -Marshal.GetLastSystemError() : (int)result;

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc")]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
