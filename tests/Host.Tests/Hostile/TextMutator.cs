using System.Text;
using System.Text.RegularExpressions;

namespace Actors.Host.Tests.Hostile;

/// <summary>Damages texts: HOCON, JSON. By tokens as people err, by bytes as disks do.</summary>
internal sealed partial class TextMutator(Random random)
{
    private static readonly string[] Strays =
    [
        "{", "}", "[", "]", "\"", "\"\"\"", "=", ":", ",", "+=", "${", "${?", "}", "#", "//", "\\", "\\u12", "\n", "\r",
        "\r\n", "\t", "\0", "\uFEFF", "\u2028", "\u00A0", "\u001b[2J", "-", "null", "include \"gone.conf\"",
        "include \"../canary/precious.txt\"", "include \"/dev/zero\"", "include \"pipe\"", "include \"directory\"",
        "include \"scenario.conf\"", "include \"link.conf\"", "include \"\"", "include file(\"included.conf\")",
        "include \"included.conf\"", "include url(\"http://localhost/x\")", "include required(\"gone\")",
        "a = ${b}\nb = ${a}", "scenario.name = ${scenario.name}", "scenario = ${scenario}",
    ];

    /// <summary>Damages a text in some places; now and then in none.</summary>
    public byte[] Next(string text)
    {
        var mutations = random.OnceIn(2) ? 0 : random.Next(1, 4);
        for (var i = 0; i < mutations && text.Length < 1 << 16; i++)
        {
            text = ByToken(text);
        }

        return random.OnceIn(10) ? ByByte(text) : Encoding.UTF8.GetBytes(text);
    }

    private string ByToken(string text)
    {
        var tokens = Token().Matches(text).Select(m => m.Value).ToList();
        if (tokens.Count == 0)
        {
            return random.Pick(Strays);
        }

        var at = random.Next(tokens.Count);
        switch (random.Next(9))
        {
            case 0:
                tokens.RemoveAt(at);
                break;
            case 1:
                tokens.Insert(at, tokens[at]);
                break;
            case 2:
                var other = random.Next(tokens.Count);
                (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                break;
            case 3:
                tokens.Insert(at, random.Pick(Strays));
                break;
            case 4 or 5:
                tokens[at] = HostileValues.Next(random);
                break;
            case 6:
                tokens[at] = Misspelt(tokens[at]);
                break;
            case 7:
                tokens.RemoveRange(at, Math.Min(tokens.Count - at, random.Next(1, 12)));
                break;
            default:
                return Whole(text);
        }

        return string.Concat(tokens);
    }

    private string Misspelt(string token)
    {
        var at = random.Next(token.Length);
        return token[..at] + random.Pick(["", "x", token[at].ToString() + token[at], "_"]) + token[(at + 1)..];
    }

    // What befalls the text as a whole.
    private string Whole(string text) => random.Next(10) switch
    {
        0 => text.Replace("\n", "\r\n", StringComparison.Ordinal),
        1 => "\uFEFF" + text,
        2 => text.Replace('\n', ' '),
        3 => text[..random.Next(text.Length)],
        4 => "",
        5 => text + text,
        6 => new string(random.Pick(["{", "[", "(", "a.", "a{"])[0], random.Next(1, 20000)) + text,
        7 => text + "\nlong = " + new string('y', random.Next(1, 60000)),
        8 => string.Concat(Enumerable.Range(0, random.Next(1, 3000)).Select(i => $"k{i} = ${{?k{i + 1}}}\n")) + text,
        _ => text.Replace(" = ", random.Pick(["=", ": ", " += ", " "]), StringComparison.Ordinal),
    };

    private byte[] ByByte(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var i = random.Next(1, 5); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Pick([0, 0xFF, 0xC0, 0x80, 0xED, 0xFE]));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"[A-Za-z0-9_.{}-]+|\s+|.", RegexOptions.Singleline)]
    private static partial Regex Token();
}
