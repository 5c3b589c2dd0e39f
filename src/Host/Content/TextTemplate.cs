using System.Globalization;
using System.Text;

namespace Actors.Host.Content;

/// <summary>
/// A text with the placeholders <c>{file}</c> and <c>{line}</c>, both counted from 0. <c>{{</c> and <c>}}</c> stand for
/// single braces. Parsed once; what is written often is rendered by a <see cref="LineFormatter"/>.
/// </summary>
internal sealed class TextTemplate
{
    /// <summary>The placeholder for the number of the file.</summary>
    public const string File = "file";

    /// <summary>The placeholder for the number of the line.</summary>
    public const string Line = "line";

    private readonly List<Segment> _segments;

    private TextTemplate(string text, List<Segment> segments)
    {
        Text = text;
        _segments = segments;
    }

    /// <summary>As the scenario has it.</summary>
    public string Text { get; }

    /// <summary>Literals and placeholders in order; a placeholder has no literal.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Parses a template in which only some placeholders are legal.</summary>
    /// <exception cref="FormatException">What is wrong, and what is legal.</exception>
    public static TextTemplate Parse(string text, params ReadOnlySpan<string> legal)
    {
        var segments = new List<Segment>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
            }
            else if (c == '{')
            {
                var end = text.IndexOf('}', i);
                var name = end < 0 ? text[(i + 1)..] : text[(i + 1)..end];
                if (end < 0 || !legal.Contains(name))
                {
                    throw new FormatException($"{{{name}{(end < 0 ? "" : "}")} is no placeholder; {Legal(legal)}");
                }

                Flush(literal, segments);
                segments.Add(new Segment(null, name));
                i = end;
            }
            else if (c == '}')
            {
                throw new FormatException($"a single }} at character {i + 1}; {Legal(legal)}");
            }
            else
            {
                literal.Append(c);
            }
        }

        Flush(literal, segments);
        return new TextTemplate(text, segments);
    }

    /// <summary>True when the placeholder occurs.</summary>
    public bool Uses(string placeholder) => _segments.Exists(s => s.Placeholder == placeholder);

    /// <summary>The text for one file and line. Not for the hot path.</summary>
    public string Render(int file, long line = 0)
    {
        var text = new StringBuilder();
        foreach (var segment in _segments)
        {
            text.Append(segment.Literal
                ?? (segment.Placeholder == File ? (long)file : line).ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static string Legal(ReadOnlySpan<string> legal)
    {
        var names = new StringBuilder("legal here: ");
        foreach (var name in legal)
        {
            names.Append('{').Append(name).Append("}, ");
        }

        return names.Append("and {{ or }} for a brace").ToString();
    }

    private static void Flush(StringBuilder literal, List<Segment> segments)
    {
        if (literal.Length > 0)
        {
            segments.Add(new Segment(literal.ToString(), null));
            literal.Clear();
        }
    }

    /// <summary>A piece of a template: either of the two is null.</summary>
    internal sealed record Segment(string? Literal, string? Placeholder);
}
