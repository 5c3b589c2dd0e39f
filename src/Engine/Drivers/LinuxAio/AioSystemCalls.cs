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
    private static readonly nint Setup = ProcessorNumbers.Here.IoSetup;
    private static readonly nint Destroy = ProcessorNumbers.Here.IoDestroy;
    private static readonly nint GetEvents = ProcessorNumbers.Here.IoGetEvents;
    private static readonly nint Submit = ProcessorNumbers.Here.IoSubmit;
    private static readonly nint Cancel = ProcessorNumbers.Here.IoCancel;

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
