using System.Runtime.InteropServices;

namespace Actors.Bench.Tools;

/// <summary>kill(2), for what .NET has no name for.</summary>
internal static partial class Signals
{
    // signal(7), the numbers of x86 and ARM.
    private const int SigCont = 18;
    private const int SigStop = 19;

    /// <summary>Halts a process: not even its timers run.</summary>
    public static void Stop(int process) => Send(process, SigStop);

    /// <summary>Lets it go on.</summary>
    public static void Continue(int process) => Send(process, SigCont);

    // A process that has just ended cannot be halted any more, and need not be.
    private static void Send(int process, int signal) => _ = Kill(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
