using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Host.Terminal;

/// <summary>
/// The descriptors 0 to 2. Who starts a process may have closed them (<c>2>&amp;-</c>), and the next file opened gets
/// such a number: messages would be written into it.
/// </summary>
internal static partial class StandardStreams
{
    private const int LastStandard = 2;
    private const int ReadWrite = 2;

    /// <summary>Takes those that are free, for good.</summary>
    public static void Reserve()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        SafeFileHandle handle;
        while (!(handle = open("/dev/null", ReadWrite, 0)).IsInvalid && handle.DangerousGetHandle() <= LastStandard)
        {
            // Not to be closed, so not to be finalized either.
            handle.SetHandleAsInvalid();
        }

        handle.Dispose();
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);
}
