using System.Runtime.InteropServices;

namespace Actors.Engine;

/// <summary>
/// A write beyond RLIMIT_FSIZE is answered EFBIG, and raises SIGXFSZ besides, which ends a process that does nothing
/// about it. The answer is enough. Handlers of others for the signal are called all the same, and child processes
/// start without this one.
/// </summary>
internal static class FileSizeSignal
{
    private const PosixSignal ExceedsFileSize = (PosixSignal)25; // SIGXFSZ, asm-generic/signal.h

    private static readonly PosixSignalRegistration? Registration = OperatingSystem.IsLinux()
        ? PosixSignalRegistration.Create(ExceedsFileSize, signal => signal.Cancel = true)
        : null;

    /// <summary>Has the process survive the signal, from now on.</summary>
    public static void Survive() => _ = Registration;
}
