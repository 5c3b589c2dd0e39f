using System.Text;
using Actors.Engine.Configuration;
using CsCheck;
using Xunit;

namespace Actors.Engine.Tests.Configuration;

/// <summary>
/// Random documents: what is legal reads back as it was written, in whatever style; what is not is refused with a
/// place inside the text. That each run ends at all shows that nothing hangs or overflows the stack. A failure prints
/// the seed that repeats it.
/// </summary>
public sealed class HoconPropertySpec
{
    private const int Depth = 4;

    private static readonly string Reference = ReferenceText.Read();

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", "=", ":", ",", "\n", "\r\n", " ", "\t", ".", "\"", "\"\"\"", "\\", "\\u", "#", "//", "/",
        "$", "${", "${?", "+=", "+", "?", "include ", "include \"x\"", "file(", "required(", ")", "a", "b", "a.b",
        "${a}", "${?b}", "1", "on", "64KiB", "null", "\u00E9", "\uD83D", "\uDE00", "\0", "\uFEFF", "\u2028", "\u00A0",
        "\r", "'", "*", "&", "^", "!", "@", "`", "x y", "\"x\"", "[]", "{}", "a = ", "a {", "b += ",
    ];

    private static readonly Gen<string> Text = Gen.Char.Array[0, 12].Select(WellFormed);

    private static readonly Gen<string> Key = Gen.OneOf(
        Gen.OneOf("a", "b", "in-flight", "_x", "a.b", "a b", "include", "//", "#", "null", "/parent/*", "[0]"),
        Text.Select(text => "k" + text.Replace('"', '-')).Select(WithoutControls));

    private static readonly Gen<string> Soup = Gen.OneOf(Tokens).Array[0, 40].Select(string.Concat);

    [Fact]
    public void A_document_reads_back_as_it_was_written() =>
        Gen.Select(Section(Depth), Gen.Int).Sample((section, style) =>
        {
            var text = new HoconStyle(new Random(style)).Write(section);
            var config = HoconSource.Parse(text, "random.conf").Config;
            Assert.Equal(Shown(section), HoconShow.Of(config));
            var merged = config.WithFallback(EngineSettings.ReferenceConfig);
            Assert.Equal(Shown(section), HoconShow.Of(merged, section.Keys));
        }, iter: 1000);

    [Fact]
    public void A_strict_reader_finds_each_text_exactly() =>
        Gen.Select(Key, Text).Sample((key, text) =>
        {
            var section = new Dictionary<string, object> { [key] = text };
            var written = new HoconStyle(new Random(0)).Write(new() { ["a.b"] = section });
            var reader = new ConfigReader(HoconSource.Parse(written, "random.conf").Config, "\"a.b\"");
            Assert.Equal(text, reader.GetString(key));
            Assert.Equal(text, reader.GetStringOrNull(key));
            reader.RejectUnknown();
        });

    [Fact]
    public void Random_tokens_are_read_or_refused() => Soup.Sample(ReadOrRefuse, iter: 3000);

    [Fact]
    public void Random_characters_are_read_or_refused() => Gen.String.Sample(ReadOrRefuse);

    [Fact]
    public void A_damaged_document_is_read_or_refused() =>
        Gen.Select(Gen.Int[0, Reference.Length], Gen.Int[0, 30], Soup).Sample((at, cut, insert) =>
            ReadOrRefuse(Reference[..at] + insert + Reference[Math.Min(Reference.Length, at + cut)..]));

    [Fact]
    public void Random_substitutions_are_resolved_or_refused()
    {
        var key = Gen.OneOf("a", "b", "c", "a.b", "b.c", "a.b.c");
        var pattern = Gen.OneOf(
            "1", "${@}", "${?@}", "x ${?@} y", "[${?@}, ${%}]", "{ a = ${?@}, b = 1 }", "${?@} ${?%}", "[1] ${?@}",
            "{ c = 1 } ${?@}", "[{ a = ${?@} }]");
        var assignment = Gen.Select(key, Gen.OneOf("=", "+="), pattern, Gen.Select(key, key),
            (target, assign, value, sources) =>
                $"{target} {assign} {value.Replace("@", sources.Item1).Replace("%", sources.Item2)}\n");
        assignment.Array[1, 12].Select(string.Concat).Sample(ReadOrRefuse, iter: 3000);
    }

    private static void ReadOrRefuse(string text)
    {
        try
        {
            var config = HoconSource.Parse(text, "random.conf").Config;
            HoconShow.Of(config.WithFallback(EngineSettings.ReferenceConfig));
            HoconShow.Of(EngineSettings.ReferenceConfig.WithFallback(config));
            Assert.NotNull(config.ToString());
        }
        catch (HoconException e)
        {
            var lines = text.Split('\n');
            Assert.Equal("random.conf", e.File);
            Assert.InRange(e.Line, 1, lines.Length);
            Assert.InRange(e.Column, 1, lines[e.Line - 1].Length + 1);
        }
    }

    private static Gen<Dictionary<string, object>> Section(int depth) =>
        Gen.Select(Key, Value(depth - 1)).Array[0, 5].Select(items =>
            items.GroupBy(item => item.Item1).ToDictionary(group => group.Key, group => group.Last().Item2));

    private static Gen<object> Value(int depth)
    {
        var text = Text.Select(object (value) => value);
        return depth == 0 ? text : Gen.Frequency(
            (3, text),
            (1, Value(depth - 1).Array[0, 4].Select(object (items) => items.ToList())),
            (2, Section(depth).Select(object (section) => section)));
    }

    private static string WellFormed(char[] characters) =>
        string.Concat(characters.Where(c => c != '\0' && !char.IsSurrogate(c)));

    private static string WithoutControls(string text) => string.Concat(text.Where(c => !char.IsControl(c)));

    private static string Shown(object value) => value switch
    {
        Dictionary<string, object> section =>
            $"{{{string.Join(",", section.Select(item => $"{item.Key}:{Shown(item.Value)}"))}}}",
        List<object> list => $"[{string.Join(",", list.Select(Shown))}]",
        _ => $"'{value}'",
    };

    /// <summary>Writes a document with a random choice wherever HOCON leaves one.</summary>
    private sealed class HoconStyle(Random random)
    {
        private readonly StringBuilder _text = new();

        public string Write(Dictionary<string, object> root)
        {
            var hasBraces = random.Next(3) == 0;
            _text.Append(Any("", "\uFEFF")).Append(hasBraces ? Blank() + "{" : "");
            WriteFields(root);
            return _text.Append(hasBraces ? "}" : "").Append(Blank()).ToString();
        }

        private void WriteFields(Dictionary<string, object> section)
        {
            foreach (var (key, value) in section)
            {
                _text.Append(Blank()).Append(KeyText(key));
                WriteAssigned(value);
                _text.Append(Any("\n", ",", " ,\n", "\r\n", " # end\n"));
            }
        }

        private void WriteAssigned(object value)
        {
            if (value is Dictionary<string, object> { Count: 1 } section && random.Next(2) == 0)
            {
                var (key, inner) = section.Single();
                _text.Append('.').Append(KeyText(key));
                WriteAssigned(inner);
                return;
            }

            var isSection = value is Dictionary<string, object>;
            _text.Append(isSection ? Any(" ", "", " = ", ":", "\n") : Any(" = ", ":", "=", " : \n "));
            WriteValue(value);
        }

        private void WriteValue(object value)
        {
            switch (value)
            {
                case Dictionary<string, object> section:
                    _text.Append('{');
                    WriteFields(section);
                    _text.Append(Blank()).Append('}');
                    break;
                case List<object> list:
                    _text.Append('[');
                    foreach (var item in list)
                    {
                        _text.Append(Blank());
                        WriteValue(item);
                        _text.Append(Any(",", "\n", " , "));
                    }

                    _text.Append(Blank()).Append(']');
                    break;
                default:
                    _text.Append(ValueText((string)value));
                    break;
            }
        }

        private string KeyText(string key) =>
            key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && key != "include" ? key : Quoted(key);

        private string ValueText(string text)
        {
            var isPlain = text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '%');
            var isTriple = !text.EndsWith('"') && !text.Contains("\"\"\"", StringComparison.Ordinal)
                && !text.Any(c => (char.IsControl(c) && c is not ('\n' or '\t')) || c == '\uFEFF');
            return isPlain && random.Next(2) == 0 ? text
                : isTriple && random.Next(3) == 0 ? $"\"\"\"{text}\"\"\""
                : Quoted(text);
        }

        private string Quoted(string text) => $"\"{string.Concat(text.Select(c => c switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            _ when char.IsControl(c) || c == '\uFEFF' || random.Next(8) == 0 => $"\\u{(int)c:x4}",
            _ => c.ToString(),
        }))}\"";

        private string Blank() => Any("", " ", "\t", "\n", "  \r\n ", "# note } ] \"\n", " // note {\n", "\u00A0");

        private string Any(params string[] choices) => choices[random.Next(choices.Length)];
    }
}
