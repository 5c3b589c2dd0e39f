using System.Diagnostics;
using Actors.Bench.Contests;

namespace Actors.Bench.Contestants;

/// <summary>Percentiles of times, all of which were kept.</summary>
internal static class Percentiles
{
    /// <summary>As figures, in microseconds.</summary>
    /// <param name="times">In ticks of the stopwatch; sorted by this.</param>
    public static Dictionary<string, double> Of(long[] times)
    {
        Array.Sort(times);
        return new Dictionary<string, double>
        {
            [Figure.P50Micros] = Micros(times[times.Length / 2]),
            [Figure.P99Micros] = Micros(times[(int)(times.Length * 0.99)]),
        };
    }

    private static double Micros(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
