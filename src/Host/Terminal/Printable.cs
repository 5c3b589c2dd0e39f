using System.Globalization;
using System.Text;

namespace Actors.Host.Terminal;

/// <summary>Makes texts from elsewhere fit for a terminal.</summary>
internal static class Printable
{
    /// <summary>The text, with what would steer a terminal or turn its writing around shown as an escape.</summary>
    public static string Of(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var endsLine = text[i] == '\n' || text.AsSpan(i).StartsWith("\r\n");
            _ = endsLine || !Steers(text[i])
                ? result.Append(text[i])
                : result.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
        }

        return result.ToString();
    }

    // Controls, and marks that reorder what stands behind them.
    private static bool Steers(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E')
        || c is (>= '\u2066' and <= '\u2069');
}
