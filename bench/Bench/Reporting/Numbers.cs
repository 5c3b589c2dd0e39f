using System.Globalization;
using Actors.Bench.Contests;

namespace Actors.Bench.Reporting;

/// <summary>Numbers for tables: three digits that matter.</summary>
internal static class Numbers
{
    /// <summary>A median with its range.</summary>
    public static string Range(Spread spread) =>
        $"{Short(spread.Median)} ({Short(spread.Min)}-{Short(spread.Max)})";

    /// <summary>One number.</summary>
    public static string Short(double value)
    {
        var format = Math.Abs(value) switch
        {
            < 0.01 => "0.0000",
            < 1 => "0.000",
            < 10 => "0.00",
            < 100 => "0.0",
            _ => "#,0",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
