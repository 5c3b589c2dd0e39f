using System.Globalization;

namespace Actors.Host.Reporting;

/// <summary>Numbers as people read them: three digits that matter, and a unit.</summary>
internal static class Figures
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];
    private static readonly string[] CountUnits = ["", " k", " M", " G"];

    /// <summary>A whole number with thousands apart.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Seconds.</summary>
    public static string Seconds(double seconds) => seconds < 10
        ? seconds.ToString("0.000", CultureInfo.InvariantCulture)
        : seconds.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Microseconds.</summary>
    public static string Micros(double micros) => micros switch
    {
        < 1_000 => $"{Short(micros)} us",
        < 1_000_000 => $"{Short(micros / 1_000)} ms",
        _ => $"{Short(micros / 1_000_000)} s",
    };

    /// <summary>A rate or a large count: 1.23 M.</summary>
    public static string Rate(double perSecond) => Scaled(perSecond, 1000, CountUnits, "");

    /// <summary>Bytes in binary units.</summary>
    public static string Bytes(double bytes) => Scaled(bytes, 1024, ByteUnits, " ");

    private static string Scaled(double value, double step, string[] units, string gap)
    {
        var unit = 0;
        // What would be shown as 1000 is shown in the next unit.
        while (value >= 999.5 && unit < units.Length - 1)
        {
            value /= step;
            unit++;
        }

        return unit == 0 && value == Math.Truncate(value)
            ? $"{value.ToString("0", CultureInfo.InvariantCulture)}{gap}{units[0]}"
            : $"{Short(value)}{gap}{units[unit]}";
    }

    private static string Short(double value) => value switch
    {
        < 9.995 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 99.95 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0", CultureInfo.InvariantCulture),
    };
}
