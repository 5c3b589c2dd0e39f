using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Host.Machine;

/// <summary>Makes the names in a directory durable, which a file's own sync does not.</summary>
internal static partial class DirectorySync
{
    private const int Flags = 0x80000; // O_RDONLY, O_CLOEXEC

    /// <summary>Nothing on systems other than Linux, and where a file system cannot sync directories.</summary>
    /// <exception cref="IOException">The sync failed.</exception>
    public static void Perform(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var handle = open(directory, Flags, 0);
        if (handle.IsInvalid)
        {
            throw new IOException($"{directory} cannot be synced: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle open(string path, int flags, int mode);
}
