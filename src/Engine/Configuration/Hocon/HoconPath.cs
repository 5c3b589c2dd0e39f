using System.Globalization;
using Akka.Configuration.Hocon;

namespace Actors.Engine.Configuration;

/// <summary>
/// Paths as people read and write them: <c>scenario.phases[0].name</c>, with quotes around a key that has other
/// characters than letters, digits, <c>-</c> and <c>_</c>.
/// </summary>
internal static class HoconPath
{
    public static string Join(IEnumerable<string> keys) => keys.Aggregate("", Append);

    public static string Append(string path, string key)
    {
        var isPlain = key.Length > 0 && key.All(c => char.IsLetterOrDigit(c) || c is '-' or '_');
        var shown = isPlain ? key : $"\"{key}\"";
        return path.Length == 0 ? shown : $"{path}.{shown}";
    }

    public static string Append(string path, int index) => $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]";

    /// <summary>The value at a path, or null when there is none or the path makes no sense.</summary>
    public static HoconValue? Find(HoconValue? value, string path)
    {
        var rest = path.AsSpan();
        while (value is not null && rest.Length > 0)
        {
            if (rest[0] == '[')
            {
                var end = rest.IndexOf(']');
                var isIndex = int.TryParse(end < 0 ? "" : rest[1..end], NumberStyles.None, null, out var index);
                value = isIndex ? ItemsOf(value).ElementAtOrDefault(index) : null;
                rest = isIndex ? rest[(end + 1)..] : "";
            }
            else
            {
                value = value.GetObject()?.GetKey(TakeKey(ref rest));
            }

            rest = rest.TrimStart('.');
        }

        return value;
    }

    /// <summary>The items of a list. Akka's own IsArray is false for an empty one.</summary>
    public static IEnumerable<HoconValue> ItemsOf(HoconValue value) =>
        value.Values.OfType<HoconArray>().SelectMany(array => array);

    private static string TakeKey(ref ReadOnlySpan<char> rest)
    {
        var isQuoted = rest[0] == '"';
        var key = isQuoted ? rest[1..] : rest;
        var end = isQuoted ? key.IndexOf('"') : key.IndexOfAny('.', '[');
        key = end < 0 ? key : key[..end];
        rest = end < 0 ? "" : rest[(isQuoted ? end + 2 : end)..];
        return key.ToString();
    }
}
