using Actors.Engine;
using Actors.Host.Running;

namespace Actors.Host.Reporting;

/// <summary>Makes a <see cref="PhaseReport"/> from what was measured.</summary>
internal static class PhaseReporting
{
    /// <summary>The report of one phase; verification is filled in later.</summary>
    public static PhaseReport Of(PhasePlan plan, PhaseMeasurement measured)
    {
        var (outcome, metrics, cpu, peakResident) = measured;
        var seconds = outcome.Elapsed.TotalSeconds;
        return new PhaseReport(
            plan.Backend,
            plan.Settings.Name,
            plan.Settings.Operation,
            plan.Files,
            outcome.Units,
            outcome.Reads,
            outcome.Units - outcome.Reads,
            metrics.KernelOperations,
            outcome.Bytes,
            seconds,
            PerSecond(outcome.Units, seconds),
            PerSecond(outcome.Bytes, seconds),
            cpu.User.TotalSeconds,
            cpu.System.TotalSeconds,
            Latency(metrics),
            new MemoryReport(
                metrics.PeakManagedBytes, metrics.AllocatedBytes, metrics.PeakBufferBytes, peakResident),
            new MailboxReport(metrics.MailboxHighWater, metrics.MailboxRefused),
            outcome.Errors,
            null,
            [.. Notes(measured)]);
    }

    private static double PerSecond(long count, double seconds) => seconds > 0 ? count / seconds : 0;

    private static LatencyReport Latency(EngineMetrics metrics)
    {
        var total = metrics.Total;
        return new LatencyReport(total.P50, total.P90, total.P99, total.P999, total.Max, total.Mean, metrics.Sampled);
    }

    private static IEnumerable<string> Notes(PhaseMeasurement measured)
    {
        // All or nothing needs no saying: it is in the backend's name.
        if (measured.Metrics is { InlineOperations: > 0 } m && m.InlineOperations < m.KernelOperations)
        {
            yield return $"{Figures.Count(m.InlineOperations)} of {Figures.Count(m.KernelOperations)} kernel " +
                "operations were done inline";
        }

        if (measured.Metrics.QueuedOpensPeak is > 0 and var waited)
        {
            yield return $"up to {Figures.Count(waited)} opens waited for a free descriptor: " +
                "the files do not all fit under the limit of open files";
        }

        foreach (var error in measured.Outcome.FirstErrors(3))
        {
            yield return $"error: {error}";
        }
    }
}
