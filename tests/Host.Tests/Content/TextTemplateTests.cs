using Actors.Host.Content;

namespace Actors.Host.Tests.Content;

public sealed class TextTemplateTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{file}.txt", "3.txt")]
    [InlineData("{file}/{line}/{file}", "3/14/3")]
    [InlineData("{{file}} {line}}}", "{file} 14}")]
    [InlineData("", "")]
    [InlineData("päper {line} ☃", "päper 14 ☃")]
    public void Renders_placeholders_and_doubled_braces(string text, string expected) =>
        Assert.Equal(expected, TextTemplate.Parse(text, "file", "line").Render(3, 14));

    [Theory]
    [InlineData("{lines}", "{lines} is no placeholder")]
    [InlineData("{line", "is no placeholder")]
    [InlineData("a } b", "single }")]
    [InlineData("{}", "{} is no placeholder")]
    public void Names_what_is_wrong_and_what_is_legal(string text, string problem)
    {
        var e = Assert.Throws<FormatException>(() => TextTemplate.Parse(text, "line", "file"));
        Assert.Contains(problem, e.Message);
        Assert.Contains("{line}, {file}", e.Message);
    }
}
