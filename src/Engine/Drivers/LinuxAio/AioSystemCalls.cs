using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Actors.Engine.Drivers.LinuxAio;

/// <summary>
/// The five calls, which libc does not wrap, by syscall(2). Each answers what the kernel did: a count or a negative
/// errno.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class AioSystemCalls
{
    // arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h for arm64.
    private static readonly nint Setup = Number(206, 0);
    private static readonly nint Destroy = Number(207, 1);
    private static readonly nint GetEvents = Number(208, 4);
    private static readonly nint Submit = Number(209, 2);
    private static readonly nint Cancel = Number(210, 3);

    /// <summary>Whether the numbers for this processor are known.</summary>
    public static bool IsKnownArchitecture => Setup >= 0;

    public static int SetUp(uint count, nint* context) => Result(syscall(Setup, (nint)count, (nint)context));

    /// <summary>Cancels what can be, waits for the rest, and unmaps the ring (io_destroy(2)).</summary>
    public static int TearDown(nint context) => Result(syscall(Destroy, context));

    public static int SubmitAll(nint context, int count, Iocb** requests) =>
        Result(syscall(Submit, context, count, (nint)requests));

    public static int CancelOne(nint context, Iocb* request, IoEvent* unused) =>
        Result(syscall(Cancel, context, (nint)request, (nint)unused));

    public static int Take(nint context, int least, int most, IoEvent* events, KernelTimeSpan* timeout) =>
        Result(syscall(GetEvents, context, least, most, (nint)events, (nint)timeout));

    private static int Result(nint returned) => returned < 0 ? -Marshal.GetLastSystemError() : (int)returned;

    private static nint Number(int x64, int arm64) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 => arm64,
        _ => -1,
    };

    // One declaration for each number of arguments: syscall(2) takes them in registers, as if it were not variadic.
    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint first);

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint first, nint second);

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint first, nint second, nint third);

    [LibraryImport("libc")]
    private static partial nint syscall(
        nint number, nint first, nint second, nint third, nint fourth, nint fifth);
}
