using Actors.Host.Scenarios;
using CsCheck;

namespace Actors.Host.Tests.Scenarios;

public sealed class FileNameRuleTests
{
    [Theory]
    [InlineData("/etc/{file}", "absolute")]
    [InlineData("c:{file}", "absolute")]
    [InlineData("../{file}", "leave")]
    [InlineData("a/../../{file}", "leave")]
    [InlineData("{file}/..", "leave")]
    [InlineData("a//{file}", "empty")]
    [InlineData("./{file}", "not legal")]
    [InlineData("{file}/", "empty")]
    [InlineData("a\\{file}", "backslash")]
    [InlineData("a\0{file}", "NUL")]
    [InlineData("a\n{file}", "control")]
    [InlineData("{line}", "{line} is no placeholder")]
    [InlineData("same", "need {file}")]
    [InlineData("", "need {file}")]
    public void Refuses_what_leaves_the_directory_or_is_not_distinct(string template, string problem)
    {
        var e = Assert.Throws<FormatException>(() => FileNameRule.Parse(template, 20));
        Assert.Contains(problem, e.Message);
    }

    [Fact]
    public void Refuses_names_that_no_file_system_takes() =>
        Assert.Throws<FormatException>(() => FileNameRule.Parse(new string('x', 255) + "{file}", 2));

    [Fact]
    public void What_it_accepts_stays_inside_and_is_distinct() =>
        Gen.Select(Gen.String[Gen.Char["{file}./\\a0-:"], 1, 14], Gen.Int[1, 1100]).Sample((template, files) =>
        {
            FileNameRule rule;
            try
            {
                rule = FileNameRule.Parse(template, files);
            }
            catch (FormatException)
            {
                return;
            }

            var names = rule.AllNames();
            Assert.Equal(files, names.Count);
            Assert.All(names, n => Assert.StartsWith("/root/", Path.GetFullPath(Path.Combine("/root", n))));
        });
}
