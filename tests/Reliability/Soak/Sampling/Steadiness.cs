using System.Globalization;
using Actors.Reliability.Reporting;

namespace Actors.Reliability.Soak.Sampling;

/// <summary>
/// Compares the last third of the samples with the first, after the warm-up: what leaks, even slowly, is higher then.
/// Medians, since single samples depend on what was open at the moment. How
/// many buffers are out follows the load from moment to moment; whether one was lost shows at the end, when none may be.
/// </summary>
internal sealed class Steadiness(IReadOnlyList<Sample> samples, TimeSpan warmUp)
{
    private const double MemoryMargin = 1.05;

    /// <summary>The least with which there is something to compare.</summary>
    private const int SamplesMin = 9;

    private static readonly Measure[] Measures =
    [
        new("live heap, MiB", sample => sample.Heap, true, true),
        new("resident, MiB", sample => sample.Resident, true, true),
        new("descriptors", sample => sample.Descriptors, false, true),
        new("threads", sample => sample.Threads, false, true),
        new("actors", sample => sample.Actors, false, true),
        new("buffers leased", sample => sample.Leased, false, false),
    ];

    private readonly Sample[] _judged = [.. samples.Where(sample => sample.At >= warmUp)];

    private int Third => _judged.Length / 3;

    /// <summary>What is promised of memory, descriptors, threads and actors.</summary>
    public IEnumerable<Check> Checks()
    {
        if (_judged.Length < SamplesMin)
        {
            yield return new Check(
                "enough samples to judge by", false, $"{_judged.Length} after the warm-up, {SamplesMin} needed");
            yield break;
        }

        foreach (var (name, of, isMemory, _) in Measures.Where(measure => measure.IsJudged))
        {
            var (first, last) = (Median(_judged[..Third], of), Median(_judged[^Third..], of));

            // Counts are small, and vary with what is open: one in ten, or three, is no trend.
            var bound = isMemory ? first * MemoryMargin : Math.Max(first * 1.1, first + 3);
            yield return new Check(
                $"{name}: the last third's median is no higher than the first's"
                + (isMemory ? ", within 5%" : ", within 10% or 3"),
                last <= bound, $"{Show(first, isMemory)} to {Show(last, isMemory)}");
        }
    }

    /// <summary>The figures behind them.</summary>
    public ReportTable Table() => new(
        $"Samples: {samples.Count}, of which {_judged.Length} after the warm-up",
        ["what", "first third, median", "middle third", "last third", "least", "most"],
        [
            .. Measures.Where(_ => _judged.Length >= SamplesMin).Select(measure => new[]
            {
                measure.Name,
                Show(Median(_judged[..Third], measure.Of), measure.IsMemory),
                Show(Median(_judged[Third..^Third], measure.Of), measure.IsMemory),
                Show(Median(_judged[^Third..], measure.Of), measure.IsMemory),
                Show(_judged.Min(measure.Of), measure.IsMemory),
                Show(_judged.Max(measure.Of), measure.IsMemory),
            }),
        ]);

    private static double Median(IEnumerable<Sample> samples, Func<Sample, long> of)
    {
        var values = samples.Select(of).Order().ToArray();
        return values[values.Length / 2];
    }

    /// <param name="Name">What it is.</param>
    /// <param name="Of">Where it is.</param>
    /// <param name="IsMemory">Bytes, rather than a number of things.</param>
    /// <param name="IsJudged">Whether it may not grow.</param>
    private sealed record Measure(string Name, Func<Sample, long> Of, bool IsMemory, bool IsJudged);

    private static string Show(double value, bool isMemory) =>
        (isMemory ? value / (1 << 20) : value).ToString(isMemory ? "0.0" : "0", CultureInfo.InvariantCulture);
}
