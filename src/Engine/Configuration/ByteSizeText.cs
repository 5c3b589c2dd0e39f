using System.Globalization;

namespace Actors.Engine.Configuration;

/// <summary>Sizes in bytes as people write them: <c>512</c>, <c>512B</c>, <c>4k</c>, <c>64KiB</c>, <c>1.5MiB</c>.
/// As in HOCON, <c>k</c>, <c>Ki</c> and <c>KiB</c> are 1024, <c>kB</c> and <c>KB</c> are 1000.</summary>
internal static class ByteSizeText
{
    public const string Units = "B, KiB, MiB, GiB, TiB (1024s), or kB, MB, GB, TB (1000s)";

    private const string Prefixes = "KMGT";

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var digits = text.AsSpan(0, text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1);
        if (!TryParseUnit(text.AsSpan(digits.Length).Trim(), out var factor)
            || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > (decimal)long.MaxValue / factor)
            return false;

        var exact = number * factor;
        bytes = (long)exact;
        return exact == bytes;
    }

    /// <summary>With the largest unit that leaves a whole number.</summary>
    public static string Format(long bytes)
    {
        var unit = 0;
        for (; bytes != 0 && bytes % 1024 == 0 && unit < Prefixes.Length; unit++)
            bytes /= 1024;
        var number = bytes.ToString(CultureInfo.InvariantCulture);
        return unit == 0 ? number : $"{number}{Prefixes[unit - 1]}iB";
    }

    private static bool TryParseUnit(ReadOnlySpan<char> unit, out long factor)
    {
        factor = 1;
        if (unit is "" or "B" or "b")
            return true;
        var power = Prefixes.IndexOf(char.ToUpperInvariant(unit[0])) + 1;
        var isDecimal = unit[1..] is "B";
        for (var i = 0; i < power; i++)
            factor *= isDecimal ? 1000 : 1024;
        return power > 0 && (isDecimal || unit[1..] is "" or "i" or "iB");
    }
}
