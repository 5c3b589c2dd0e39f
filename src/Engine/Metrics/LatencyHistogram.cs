using System.Diagnostics;
using HdrHistogram;

namespace Actors.Engine.Metrics;

/// <summary>A distribution of times, in units of 10 ns up to 60 s, two significant digits: about 15 KB. Created at the
/// first sample, since most shards of a sync-thread engine time only one of the three.</summary>
internal sealed class LatencyHistogram
{
    private const long UnitNanoseconds = 10;
    private const long Highest = 60_000_000_000 / UnitNanoseconds;
    private const double UnitsPerMicro = 1000.0 / UnitNanoseconds;
    private static readonly double UnitsPerTick = 1e9 / UnitNanoseconds / Stopwatch.Frequency;

    private IntHistogram? _histogram;

    public void RecordBetween(long from, long to)
    {
        var units = (long)((to - from) * UnitsPerTick);
        (_histogram ??= new IntHistogram(1, Highest, 2)).RecordValue(Math.Clamp(units, 0, Highest));
    }

    public void Add(LatencyHistogram other)
    {
        if (other._histogram is { } samples)
        {
            (_histogram ??= new IntHistogram(1, Highest, 2)).Add(samples);
        }
    }

    /// <summary>Hands the samples over and starts anew.</summary>
    public LatencyHistogram Take()
    {
        var taken = new LatencyHistogram { _histogram = _histogram };
        _histogram = null;
        return taken;
    }

    /// <summary>Each time that was recorded, in seconds, and how often.</summary>
    public IEnumerable<(double Seconds, long Count)> Samples => _histogram is not { } histogram
        ? []
        : histogram.RecordedValues().Select(
            value => (value.ValueIteratedTo / UnitsPerMicro / 1e6, value.CountAtValueIteratedTo));

    public LatencySummary Summarize() =>
        _histogram is not { TotalCount: > 0 } h
            ? new LatencySummary(0, 0, 0, 0, 0, 0, 0)
            : new LatencySummary(
                h.TotalCount,
                h.GetValueAtPercentile(50) / UnitsPerMicro,
                h.GetValueAtPercentile(90) / UnitsPerMicro,
                h.GetValueAtPercentile(99) / UnitsPerMicro,
                h.GetValueAtPercentile(99.9) / UnitsPerMicro,
                h.GetMaxValue() / UnitsPerMicro,
                h.GetMean() / UnitsPerMicro);
}
