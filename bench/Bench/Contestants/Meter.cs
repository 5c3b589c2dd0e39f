using System.Diagnostics;
using Actors.Bench.Contests;
using Actors.Host.Machine;

namespace Actors.Bench.Contestants;

/// <summary>Time and processor time of this process since a moment.</summary>
internal readonly struct Meter
{
    private readonly long _start;
    private readonly Environment.ProcessCpuUsage _cpu;

    private Meter(Environment.ProcessCpuUsage cpu, long start)
    {
        _cpu = cpu;
        _start = start;
    }

    /// <summary>From now on.</summary>
    public static Meter Start() => new(Environment.CpuUsage, Stopwatch.GetTimestamp());

    /// <summary>Until now.</summary>
    public Measurement Stop(IReadOnlyDictionary<string, double> figures)
    {
        var elapsed = Stopwatch.GetElapsedTime(_start);
        var cpu = Environment.CpuUsage;
        return new Measurement(
            elapsed.TotalSeconds,
            (cpu.UserTime - _cpu.UserTime).TotalSeconds,
            (cpu.PrivilegedTime - _cpu.PrivilegedTime).TotalSeconds,
            ProcessMemory.PeakResidentBytes(),
            figures);
    }
}
