using Actors.Engine.Configuration;
using Xunit;

namespace Actors.Engine.Tests.Configuration;

/// <summary>Each malformed text is refused with the place of the fault and a remedy; what Akka's own parser does with
/// the first ones is beside them.</summary>
public sealed class HoconFaultSpec
{
    [Theory]
    [InlineData("a = [ } ]", 1, 7, "'}' in the list that seed.conf:1:5 opens")] // hangs
    [InlineData("a = ${a}", 1, 5, "${a} has no value")] // overflows the stack
    [InlineData("a = ${b}\nb = ${a}", 2, 5, "refers back to itself")] // overflows the stack
    [InlineData("a = ${?b}\nb = ${?c}\nc = ${?a}", 3, 5, "refers back to itself")] // overflows the stack
    [InlineData("a { b = ${a} }", 1, 9, "refers back to itself")]
    [InlineData("a = 1 }\nb = 2", 1, 7, "'}' after a value")] // drops the rest
    [InlineData("a = 1\n}\nb = 2", 2, 1, "this '}' closes nothing")]
    [InlineData("a {\n  b {\n}", 1, 3, "this '{' is never closed")] // accepted
    [InlineData("a = [ 1, 2", 1, 5, "this '[' is never closed")]
    [InlineData("a = \"x\nb = 1", 1, 5, "not closed on its line")] // accepted
    [InlineData("a = \"\"\"x\nb = 1", 1, 5, "'\"\"\"' is never closed")]
    [InlineData("a = ${none}", 1, 5, "nothing before or elsewhere in this document assigns none")]
    [InlineData("a = ${b", 1, 8, "the end of the file in the substitution")]
    [InlineData("a = ${}", 1, 7, "where a key should be")]
    [InlineData("a = $b", 1, 5, "begins no substitution")]
    [InlineData("{ a = 1 } }", 1, 11, "after the closing '}'")]
    [InlineData("{ a = 1 }\nb = 2", 2, 1, "after the closing '}'")]
    [InlineData("{ a = 1", 1, 1, "this '{' is never closed")]
    [InlineData("[ 1 ]", 1, 1, "where a key should be")]
    [InlineData("a = ]", 1, 1, "the key a has no value")]
    [InlineData("a = [ 1 ] ]", 1, 11, "']' after a value")]
    [InlineData("a =", 1, 1, "the key a has no value")]
    [InlineData("x {\n a =\n}", 2, 2, "the key a has no value")]
    [InlineData("a =\nb = 2", 1, 1, "no value on its line")]
    [InlineData("a = , b = 1", 1, 1, "the key a has no value")]
    [InlineData("a", 1, 2, "the end of the file after the key a")]
    [InlineData("a b = 1", 1, 3, "a key with a space needs quotes")]
    [InlineData("a = 1 b = 2", 1, 9, "a line break before the next key")]
    [InlineData("a = http://x", 1, 9, "Put quotes around it")]
    [InlineData("a = /tmp//x", 1, 9, "'//' right behind a text")]
    [InlineData("a = x*y", 1, 6, "Put quotes around the value")]
    [InlineData("a = 1,, b = 2", 1, 7, "a second comma")]
    [InlineData(", a = 1", 1, 1, "where a key should be")]
    [InlineData("a = [1,,2]", 1, 8, "a second comma")]
    [InlineData("a = [,1]", 1, 6, "where a value should be")]
    [InlineData("a..b = 1", 1, 3, "where a key should be")]
    [InlineData(".a = 1", 1, 1, "where a key should be")]
    [InlineData("\"\" = 1", 1, 3, "where a key should be")]
    [InlineData("\"a\\\"b\" = 1", 1, 1, "a quote or a control character")]
    [InlineData("a = { b = 1 } x", 1, 15, "text cannot be joined to an object")]
    [InlineData("a = [1] x", 1, 9, "text cannot be joined to a list")]
    [InlineData("a = [1]\nb = ${a} x", 2, 10, "text cannot be joined to a list")]
    [InlineData("a { b = 1 } c = 2", 1, 13, "text cannot be joined to an object")]
    [InlineData("a = 1\na += 2", 2, 1, "'+=' adds to a list")] // makes a key named "a +"
    [InlineData("a = \"\\x\"", 1, 6, "an escape that does not exist")]
    [InlineData("a = \"\\u12g4\"", 1, 6, "four hexadecimal digits")]
    [InlineData("a = \"\\u0000\"", 1, 6, "four hexadecimal digits")]
    [InlineData("a = \"\\ud800\"", 1, 5, "half of a surrogate pair")]
    [InlineData("a = \"x\0y\"", 1, 7, "U+0000")]
    [InlineData("a = 1\n# \u001b", 2, 3, "U+001B")]
    [InlineData("a = 1\rb = 2", 1, 6, "U+000D")]
    [InlineData("a = x\uFEFF", 1, 6, "U+FEFF")]
    [InlineData("include x.conf", 1, 9, "Legal: include \"other.conf\"")]
    [InlineData("include url(\"x\")", 1, 9, "Legal: include \"other.conf\"")]
    [InlineData("include file(\"x\"", 1, 17, "Add the missing ')'")]
    [InlineData("include \"\"", 1, 1, "without a file name")]
    [InlineData("a = 1 # \U0001F600\n\U0001F600 \U0001F600", 2, 3, "after the key")]
    public void A_fault_is_named_with_its_place(string text, int line, int column, string message)
    {
        var fault = Assert.Throws<HoconException>(() => HoconSource.Parse(text, "seed.conf"));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith($"seed.conf:{line}:{column}: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(("seed.conf", line, column), (fault.File, fault.Line, fault.Column));
        Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('\uD800')]
    [InlineData('\uDC00')]
    public void Half_a_surrogate_pair_is_refused(char half) =>
        Assert.StartsWith($"f:1:5: the character U+{(int)half:X4}", Refusal($"a = {half}\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("[", 100_000)] // overflows the stack
    [InlineData("{", 100_000)]
    [InlineData("a{", 100_000)]
    [InlineData("a.", 100_000)]
    [InlineData("a=[{", 100_000)]
    [InlineData("a=\"\"", 100_000)]
    [InlineData("a+=[", 100_000)]
    [InlineData("${", 100_000)]
    [InlineData("a=${", 100_000)]
    [InlineData("\"", 99_999)]
    public void Deep_nesting_is_refused(string part, int times) =>
        Assert.NotEmpty(Refusal("x=[" + Repeat(times, _ => part)));

    [Fact]
    public void Nesting_is_legal_to_a_depth_of_64()
    {
        Func<int, string>[] nestings =
        [
            depth => $"{string.Join('.', Enumerable.Repeat("a", depth))} = 1",
            depth => $"{Repeat(depth, _ => "a{")}{new string('}', depth)}",
            depth => $"a={new string('[', depth - 1)}{new string(']', depth - 1)}",
        ];
        foreach (var nesting in nestings)
        {
            HoconSource.Parse(nesting(64), "f");
            Assert.Contains("nested deeper than 64", Refusal(nesting(65)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"xxxxxxxx\"")]
    [InlineData("[x, x, x, x]")]
    [InlineData("{ a = 1, b = 2 }")]
    public void Substitutions_that_multiply_are_refused(string seed)
    {
        var doubled = Repeat(60, i => $"k{i + 1} = ${{k{i}}} ${{k{i}}}\n");
        var nested = Repeat(60, i => $"k{i + 1} = [ ${{k{i}}}, ${{k{i}}} ]\n");
        var keyed = Repeat(60, i => $"k{i + 1} {{ l = ${{k{i}}}, r = ${{k{i}}} }}\n");
        var merged = keyed + "m = ${k60} ${k60}\n";
        foreach (var text in seed.StartsWith('{') ? [nested, keyed, merged] : new[] { nested, keyed, merged, doubled })
            Assert.Contains("make it too large", Refusal($"k0 = {seed}\n{text}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_chains_of_substitutions_are_refused()
    {
        var forward = Repeat(10_000, i => $"k{i} = ${{k{i + 1}}}\n") + "k10000 = 1";
        Assert.Contains("a chain of", Refusal(forward), StringComparison.Ordinal);
        // Resolved one by one, but each deeper than the one before.
        var backward = "k0 { a = 1 }\n" + Repeat(10_000, i => $"k{i + 1} {{ a = ${{k{i}}} }}\n");
        Assert.Contains("deeper than 64", Refusal(backward), StringComparison.Ordinal);
        var overlaid = backward + "m = ${k10000} ${k9999}";
        Assert.Contains("deeper than 64", Refusal(overlaid), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_text_is_refused()
    {
        HoconSource.Parse("a = 1 #" + new string('x', (1 << 20) - 7), "f");
        Assert.Contains("larger than 1 MiB", Refusal("a = 1 #" + new string('x', 1 << 20)), StringComparison.Ordinal);
        Assert.Contains("Legal: 1 to 256", Refusal(new string('k', 257) + " = 1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_largest_size_without_substitutions_is_legal() =>
        HoconSource.Parse($"a=[{string.Concat(Enumerable.Repeat("1,", (1 << 19) - 4))}]", "f");

    private static string Refusal(string text) =>
        Assert.Throws<HoconException>(() => HoconSource.Parse(text, "f")).Message;

    private static string Repeat(int count, Func<int, string> part) =>
        string.Concat(Enumerable.Range(0, count).Select(part));
}
