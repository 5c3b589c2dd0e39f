using System.Globalization;

namespace Actors.Engine.Configuration;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10us</c>, <c>1.5s</c>. The unit is never guessed; only
/// <c>0</c> needs none.</summary>
internal static class DurationText
{
    public const string Units = "us, ms, s, m, h, d";

    private static readonly (string Name, TimeSpan Length)[] Known =
    [
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("us", TimeSpan.FromMicroseconds(1)),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var digits = text.AsSpan(0, text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1);
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var ticks = TicksOf(text[digits.Length..].Trim());
        if (ticks == 0 || number > (decimal)long.MaxValue / ticks)
            return number == 0 && text.Length == digits.Length;

        var exact = number * ticks;
        duration = TimeSpan.FromTicks((long)exact);
        return exact == duration.Ticks;
    }

    /// <summary>With the largest unit that leaves a whole number.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == Timeout.InfiniteTimeSpan)
            return "infinite";
        if (duration == TimeSpan.Zero)
            return "0";
        var (name, length) = Array.Find(Known, unit => duration.Ticks % unit.Length.Ticks == 0);
        return name is null
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMicroseconds}us")
            : string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{name}");
    }

    // The names that HOCON has for them; 0 when it is none.
    private static long TicksOf(string unit) => unit switch
    {
        "us" or "\u00B5s" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
        "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => 0,
    };
}
