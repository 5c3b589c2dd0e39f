namespace Actors.Bench.Contests;

/// <summary>What a contest is about.</summary>
/// <param name="Name">The column's heading, with the unit.</param>
/// <param name="Of">The value of one run.</param>
/// <param name="MoreIsBetter">True for rates, false for times.</param>
internal sealed record Metric(string Name, Func<Measurement, double> Of, bool MoreIsBetter = false)
{
    /// <summary>Elapsed time.</summary>
    public static Metric Seconds { get; } = new("s", m => m.Seconds);
}
