using System.Text.Json.Serialization;

namespace Actors.Bench.Contests;

/// <summary>One run of one contestant, as it reports it itself. Peers in other languages print this as JSON.</summary>
/// <param name="Seconds">From the first open to the last close, unless the contest says otherwise.</param>
/// <param name="CpuUserSeconds">Processor time of its process in user mode during that.</param>
/// <param name="CpuSystemSeconds">The same in the kernel.</param>
/// <param name="PeakRssBytes">Most bytes of its process that were resident; 0 when not known.</param>
/// <param name="Figures">What else it tells, by name: see <see cref="Figure"/>.</param>
internal sealed record Measurement(
    double Seconds,
    double CpuUserSeconds,
    double CpuSystemSeconds,
    double PeakRssBytes,
    IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>Processor time in all.</summary>
    [JsonIgnore]
    public double CpuSeconds => CpuUserSeconds + CpuSystemSeconds;

    /// <summary>A figure that a contest relies on.</summary>
    /// <exception cref="ContestantException">The contestant did not report it.</exception>
    public double this[string figure] => Figures.TryGetValue(figure, out var value)
        ? value
        : throw new ContestantException($"it reported no {figure}");
}
