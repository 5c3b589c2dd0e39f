using System.Text.RegularExpressions;

namespace Actors.Engine.Configuration;

/// <summary>Names as they are in HOCON: <c>DataSync</c> is <c>data-sync</c>.</summary>
internal static partial class KebabCase
{
    public static string Of(string name) => WordStart().Replace(name, "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
