using System.Text;
using Actors.Host.Content;
using CsCheck;

namespace Actors.Host.Tests.Content;

public sealed class LineContentTests
{
    private static readonly Gen<string> Template =
        Gen.OneOf(Gen.Const("{line}"), Gen.Const("{file}"), Gen.Const("{{"), Gen.String[Gen.Char['a', 'z'], 0, 5])
            .Array[0, 6].Select(string.Concat);

    [Fact]
    public void Formatter_length_and_cursor_agree_with_plain_rendering() =>
        Gen.Select(Template, Gen.Int[1, 1200], Gen.Int[0, 120]).Sample((text, lines, file) =>
        {
            var template = TextTemplate.Parse(text, TextTemplate.Line, TextTemplate.File);
            var content = new LineContent(template, lines);
            var expected = string.Concat(Enumerable.Range(0, lines).Select(line => template.Render(file, line) + "\n"));
            Assert.Equal(expected.Length, content.Length(file));
            Assert.Equal(expected, ReadAll(content, file, content.LargestUnit(file + 1) + 7));
        });

    [Fact]
    public void Digest_does_not_depend_on_how_the_bytes_are_cut() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 40]).Sample((bytes, piece) =>
        {
            var whole = default(ContentDigest);
            whole.Append(bytes);
            var pieces = default(ContentDigest);
            foreach (var chunk in bytes.Chunk(piece))
            {
                pieces.Append(chunk);
            }

            Assert.Equal(whole.Value, pieces.Value);
        });

    [Fact]
    public void Digest_is_that_of_the_content()
    {
        var content = new LineContent(TextTemplate.Parse("{file} {line}", "file", "line"), 5000);
        var digest = default(ContentDigest);
        digest.Append(Encoding.UTF8.GetBytes(ReadAll(content, 7, 100)));
        Assert.Equal(digest.Value, content.Digest(7));
        Assert.NotEqual(content.Digest(6), content.Digest(7));
    }

    private static string ReadAll(LineContent content, int file, int bufferSize)
    {
        var text = new StringBuilder();
        var buffer = new byte[bufferSize];
        var cursor = content.Read(file);
        for (var length = cursor.Fill(buffer); length > 0; length = cursor.Fill(buffer))
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }

        Assert.Equal(content.Units, cursor.NextLine);
        return text.ToString();
    }
}
