using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Actors.Engine.Drivers;

/// <summary>
/// A kernel counter that a thread can sleep on (eventfd(2)). Any thread may signal it, also while or after it is
/// closed: the handle's reference count keeps a late signal out of a descriptor that has been given to another file.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class EventFd : SafeHandle
{
    // eventfd(2), poll(2); the same on x64 and arm64.
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const short PollIn = 1;

    /// <param name="nonBlocking">False for a counter that is read through a ring, which would answer EAGAIN instead of
    /// waiting.</param>
    public EventFd(bool nonBlocking = true)
        : base(-1, ownsHandle: true)
    {
        var descriptor = eventfd(0, CloseOnExec | (nonBlocking ? NonBlocking : 0));
        if (descriptor < 0)
        {
            var errno = Marshal.GetLastSystemError();
            throw new DriverUnavailableException(
                $"eventfd failed: {Errno.Describe(errno)} (errno {errno}).",
                errno switch
                {
                    Errno.EMFILE => "Raise the limit of open files (ulimit -n, LimitNOFILE), or open fewer.",
                    Errno.ENFILE => "Raise the limit of open files of the whole machine (sysctl fs.file-max).",
                    Errno.ENOMEM => "Give the process more memory, or use fewer shards (actors.engine.shards).",
                    _ => "Allow eventfd2 in the sandbox or seccomp profile: threads are woken by it on every backend.",
                },
                errno);
        }

        SetHandle(descriptor);
    }

    public override bool IsInvalid => handle < 0;

    /// <summary>For the thread that disposes of it only.</summary>
    public int Descriptor => (int)handle;

    /// <summary>Makes it readable. Does nothing once it is closed.</summary>
    public void Signal()
    {
        var held = false;
        try
        {
            if (IsClosed)
            {
                return;
            }

            DangerousAddRef(ref held);
            ulong one = 1;

            // EAGAIN means that the counter is full, and so readable: all that was wanted.
            write((int)handle, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Closed since the look above: nobody sleeps on it any more.
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <summary>Sleeps until it is readable; a signal to the process ends this early.</summary>
    /// <param name="timeout">Milliseconds, or -1 for no limit.</param>
    /// <returns>Whether it is readable.</returns>
    public bool Poll(int timeout)
    {
        var request = new PollRequest { Descriptor = Descriptor, Events = PollIn };
        return poll(&request, 1, timeout) > 0;
    }

    /// <summary>Makes it unreadable again; never blocks.</summary>
    public void Reset()
    {
        ulong count;
        read(Descriptor, &count, sizeof(ulong));
    }

    protected override bool ReleaseHandle() => close((int)handle) == 0;

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc")]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static partial int poll(PollRequest* requests, nuint count, int timeout);

    [LibraryImport("libc")]
    private static partial nint read(int file, void* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial nint write(int file, void* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int file);
}
