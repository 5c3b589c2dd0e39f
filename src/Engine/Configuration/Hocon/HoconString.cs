using System.Globalization;
using System.Text;

namespace Actors.Engine.Configuration;

/// <summary>Reads <c>"text"</c> with its escapes, and <c>"""text"""</c>, which has none and may have line breaks.
/// </summary>
internal static class HoconString
{
    private const string TripleQuote = "\"\"\"";

    public static string Parse(HoconText text)
    {
        var open = text.Position;
        if (text.Accept(TripleQuote))
            return ParseTriple(text, open);

        text.Take();
        var result = new StringBuilder();
        while (!text.Accept("\""))
        {
            if (text.AtEnd || text.Current is '\n' or '\r')
            {
                throw open.Error(
                    "this '\"' is not closed on its line. Add the missing '\"', or use \"\"\" for several lines.");
            }

            if (text.Current == '\\')
                result.Append(ParseEscape(text));
            else
                result.Append(text.Take());
        }

        return Checked(result.ToString(), open);
    }

    // Ends with the last three of a run of quotes; those before belong to the text.
    private static string ParseTriple(HoconText text, SourcePosition open)
    {
        var result = new StringBuilder();
        while (!text.At(TripleQuote) || text.Peek(3) == '"')
        {
            if (text.AtEnd)
                throw open.Error("this '\"\"\"' is never closed. Add the missing '\"\"\"'.");
            result.Append(text.Take());
        }

        text.Accept(TripleQuote);
        return result.ToString();
    }

    private static char ParseEscape(HoconText text)
    {
        var at = text.Position;
        text.Take();
        var escaped = text.AtEnd ? HoconText.End : text.Take();
        return escaped switch
        {
            '"' or '\\' or '/' => escaped,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => ParseCode(text, at),
            _ => throw at.Error(
                "an escape that does not exist. Legal: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0041; a backslash is two."),
        };
    }

    private static char ParseCode(HoconText text, SourcePosition at)
    {
        var digits = new string([.. Enumerable.Range(0, 4).Select(text.Peek)]);
        var isCode = ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, null, out var code);
        if (!isCode || code == 0)
            throw at.Error("\\u needs four hexadecimal digits that are not 0000.");
        text.Accept(digits);
        return (char)code;
    }

    // An escape can make half of a surrogate pair, which no file name or output can carry.
    private static string Checked(string text, SourcePosition at)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsSurrogatePair(text, i))
                throw at.Error("this text has half of a surrogate pair. Write both escapes, or the character.");
            i++;
        }

        return text;
    }
}
