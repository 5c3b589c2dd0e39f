using System.Diagnostics;

namespace Actors.Host.Machine;

/// <summary>Processor time of this process.</summary>
/// <param name="User">In user mode.</param>
/// <param name="System">In the kernel.</param>
internal readonly record struct CpuTime(TimeSpan User, TimeSpan System)
{
    /// <summary>Used so far.</summary>
    public static CpuTime Now()
    {
        using var process = Process.GetCurrentProcess();
        return new CpuTime(process.UserProcessorTime, process.PrivilegedProcessorTime);
    }

    /// <summary>Used since an earlier look.</summary>
    public CpuTime Since(CpuTime earlier) => new(User - earlier.User, System - earlier.System);
}
