using Actors.Host.Scenarios;

namespace Actors.Host.Reporting;

/// <summary>One run: one phase of one backend. The property names are the report's, and stable.</summary>
/// <param name="Backend">Which backend.</param>
/// <param name="Phase">The phase's name.</param>
/// <param name="Operation">What it did.</param>
/// <param name="Files">How many files.</param>
/// <param name="Operations">Lines or blocks that were answered with success.</param>
/// <param name="Reads">How many of them were reads.</param>
/// <param name="Writes">How many of them were writes.</param>
/// <param name="KernelOperations">What the engine handed to the kernel for them.</param>
/// <param name="Bytes">Bytes written or read.</param>
/// <param name="ElapsedSeconds">From the first open, or the end of the warm-up, to the last close.</param>
/// <param name="OperationsPerSecond">Operations by elapsed time.</param>
/// <param name="BytesPerSecond">Bytes by elapsed time.</param>
/// <param name="CpuUserSeconds">Processor time in user mode, of the whole process.</param>
/// <param name="CpuSystemSeconds">Processor time in the kernel, of the whole process.</param>
/// <param name="LatencyMicros">Times of single operations.</param>
/// <param name="Memory">Memory of this run alone.</param>
/// <param name="Mailbox">The files' command queues.</param>
/// <param name="Errors">Commands answered with failure.</param>
/// <param name="Verified">Whether the files hold, or the reads brought, what they must; null when not checked.</param>
/// <param name="Notes">What else is worth knowing, in words.</param>
internal sealed record PhaseReport(
    string Backend,
    string Phase,
    PhaseOperation Operation,
    int Files,
    long Operations,
    long Reads,
    long Writes,
    long KernelOperations,
    long Bytes,
    double ElapsedSeconds,
    double OperationsPerSecond,
    double BytesPerSecond,
    double CpuUserSeconds,
    double CpuSystemSeconds,
    LatencyReport LatencyMicros,
    MemoryReport Memory,
    MailboxReport Mailbox,
    long Errors,
    bool? Verified,
    IReadOnlyList<string> Notes)
{
    /// <summary>True when nothing went wrong.</summary>
    public bool IsGood() => Errors == 0 && Verified != false;
}
