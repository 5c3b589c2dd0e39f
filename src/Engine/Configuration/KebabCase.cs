using System.Text;

namespace Actors.Engine.Configuration;

/// <summary>Names as they are in HOCON: <c>DataSync</c> is <c>data-sync</c>.</summary>
internal static class KebabCase
{
    public static string Of(string name)
    {
        var kebab = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && kebab.Length > 0)
                kebab.Append('-');
            kebab.Append(char.ToLowerInvariant(letter));
        }

        return kebab.ToString();
    }
}
