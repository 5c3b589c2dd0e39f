using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Engine.Configuration;

/// <summary>
/// Opens files for reading. On Linux also a named pipe that nobody writes, for which open(2) would wait.
/// </summary>
internal static partial class UnwaitingFile
{
    private const int ReadOnly = 0x80900; // O_RDONLY, O_NOCTTY, O_NONBLOCK, O_CLOEXEC
    private const int SetFlags = 4; // F_SETFL

    /// <summary>Opens it; what cannot be opened is an exception, as of <see cref="FileStream"/>.</summary>
    public static FileStream Open(string path)
    {
        if (OperatingSystem.IsLinux() && !path.Contains('\0') && open(path, ReadOnly, 0) is { IsInvalid: false } handle)
        {
            // Reads may wait, for who does write.
            _ = fcntl(handle, SetFlags, 0);
            return new FileStream(handle, FileAccess.Read, bufferSize: 0);
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int fcntl(SafeFileHandle file, int command, nint argument);
}
