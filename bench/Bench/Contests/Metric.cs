namespace Actors.Bench.Contests;

/// <summary>What a contest is about.</summary>
/// <param name="Name">The column's heading, with the unit.</param>
/// <param name="Of">The value of one run.</param>
/// <param name="MoreIsBetter">True for rates, false for times.</param>
internal sealed record Metric(string Name, Func<Measurement, double> Of, bool MoreIsBetter = false)
{
    /// <summary>Elapsed time.</summary>
    public static Metric Seconds { get; } = new("s", m => m.Seconds);

    /// <summary>A figure that the contestants report.</summary>
    public static Metric Reported(string heading, string figure) => new(heading, m => m[figure]);

    /// <summary>A number of bytes that the contestants report.</summary>
    public static Metric Mebibytes(string heading, string figure) => new(heading, m => m[figure] / (1024 * 1024));
}
