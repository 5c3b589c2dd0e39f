namespace Actors.Bench.Contests;

/// <summary>Values of several rounds in three numbers.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>Of the given values, of which there must be one.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}
