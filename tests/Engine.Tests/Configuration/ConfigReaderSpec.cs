using Actors.Engine.Configuration;
using Akka.Configuration;
using Xunit;

namespace Actors.Engine.Tests.Configuration;

/// <summary>Values are read as written or refused with path, value, place and what is legal.</summary>
public sealed class ConfigReaderSpec
{
    private enum Shape
    {
        Round,
        VeryLong,
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    [InlineData("512 B", 512)]
    [InlineData("4k", 4096)]
    [InlineData("4K", 4096)]
    [InlineData("4Ki", 4096)]
    [InlineData("64KiB", 65_536)]
    [InlineData("64KB", 64_000)]
    [InlineData("64kB", 64_000)]
    [InlineData("1.5MiB", 1_572_864)]
    [InlineData("4m", 4_194_304)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("1T", 1_099_511_627_776)]
    [InlineData("0.5k", 512)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Sizes_are_read(string text, long bytes) =>
        Assert.Equal(bytes, Reader(text).GetBytes("key", 0, long.MaxValue));

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1 2k")]
    [InlineData("k")]
    [InlineData("\"\"")]
    [InlineData("64KIB")]
    [InlineData("64 kilo")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("9999999T")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("9P")]
    [InlineData("[1]")]
    [InlineData("{ a = 1 }")]
    [InlineData("null")]
    public void What_is_no_size_is_refused(string text)
    {
        var reader = Reader(text);
        var fault = Assert.Throws<FileEngineConfigurationException>(() => reader.GetBytes("key", 0, long.MaxValue));
        Assert.StartsWith("a.b.key = ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("(test.conf:1:7): must be a size of 0 or more; ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("10us", 100)]
    [InlineData("10micros", 100)]
    [InlineData("0.1us", 1)]
    [InlineData("500ms", 5_000_000)]
    [InlineData("500 ms", 5_000_000)]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("2s", 20_000_000)]
    [InlineData("1m", 600_000_000)]
    [InlineData("1 minute", 600_000_000)]
    [InlineData("1h", 36_000_000_000)]
    [InlineData("1d", 864_000_000_000)]
    [InlineData("infinite", -10_000)]
    public void Durations_are_read(string text, long ticks) => Assert.Equal(
        TimeSpan.FromTicks(ticks),
        Reader(text).GetDuration("key", TimeSpan.Zero, TimeSpan.FromDays(1), allowInfinite: true));

    [Theory]
    [InlineData("5")]
    [InlineData("-1s")]
    [InlineData("2d")]
    [InlineData("1ns")]
    [InlineData("0.01us")]
    [InlineData("1min")]
    [InlineData("s")]
    [InlineData("0x")]
    [InlineData("1s 2ms")]
    [InlineData("99999999999999999999d")]
    [InlineData("infinite")]
    [InlineData("\"\"")]
    public void What_is_no_duration_is_refused(string text)
    {
        var reader = Reader(text);
        var fault = Assert.Throws<FileEngineConfigurationException>(
            () => reader.GetDuration("key", TimeSpan.FromMicroseconds(1), TimeSpan.FromDays(1)));
        Assert.EndsWith(
            "(test.conf:1:7): must be a duration from 1us to 1d; units: us, ms, s, m, h, d.", fault.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    public void Booleans_are_read(string text, bool value) => Assert.Equal(value, Reader(text).GetBool("key"));

    [Fact]
    public void Errors_say_path_value_place_and_what_is_legal()
    {
        var reader = Reader("maybe not");
        Refused("a.b.key = \"maybe not\" (test.conf:1:7): must be on or off.", () => reader.GetBool("key"));
        Refused("must be a whole number from 1 to 9.", () => reader.GetInt("key", 1, 9));
        Refused("must be a power of two of 1 or more.", () => reader.GetInt("key", 1, int.MaxValue, powerOfTwo: true));
        Refused("must be auto, or a whole number from 1 to 9.", () => reader.GetIntOrAuto("key", 1, 9));
        Refused("must be one of x, y.", () => reader.GetChoice("key", "x", "y"));
        Refused("must be one of round, very-long.", () => reader.GetEnum<Shape>("key"));
        Refused("must be a list of texts, [ a, b ].", () => reader.GetStringList("key"));
        Refused("must be a list of sections, [ { ... } ].", () => reader.GetSections("key"));
        Refused("must be a section in braces.", () => reader.GetSection("key"));
        Refused("a size, a power of two, from 4KiB to 1MiB;", () => reader.GetBytes("key", 4096, 1 << 20, true));
        Refused("a.b.none is not set in the section at test.conf:1:1: must be on", () => reader.GetBool("none"));
        Refused("a.b.none is not set", () => reader.GetSection("none"));
        var list = Reader("[1, [2]]");
        Refused("a.b.key = [ ... ] (test.conf:1:7): must be a list of texts", () => list.GetStringList("key"));
        Refused("a.b.key = [ ... ] (test.conf:1:7): must be a text.", () => list.GetString("key"));
        Refused("a.b.key[0] = 1 (test.conf:1:14): must be a section in braces.", () => list.GetSections("key"));
        Assert.Equal("a.b.key = [ ... ] (test.conf:1:7): must be x.", list.Fault("key", "must be x").Message);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("2147483648")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("1_0")]
    [InlineData("\"\"")]
    [InlineData("\" 5\"")]
    public void Numbers_out_of_range_are_refused(string text)
    {
        Refused("from 1 to 9", () => Reader(text).GetInt("key", 1, 9));
        Refused("from 1 to 9", () => Reader(text).GetLong("key", 1, 9));
        Refused("from 1 to 9", () => Reader(text).GetIntOrAuto("key", 1, 9));
    }

    [Fact]
    public void Absent_is_null_only_where_the_reader_says_so()
    {
        var reader = new ConfigReader(Config.Empty, "a.b");
        Assert.Null(reader.GetStringOrNull("x"));
        Assert.Null(reader.GetChoiceOrNull("x", "y"));
        Assert.Null(reader.GetEnumOrNull<Shape>("x"));
        Assert.Null(reader.GetBoolOrNull("x"));
        Assert.Null(reader.GetIntOrNull("x", 0, 1));
        Assert.Null(reader.GetLongOrNull("x", 0, 1));
        Assert.Null(reader.GetBytesOrNull("x", 0, 1));
        Assert.Null(reader.GetBytesOrNull("x", 0L, 1));
        Assert.Null(reader.GetDurationOrNull("x", TimeSpan.Zero, TimeSpan.MaxValue));
        Assert.Null(reader.GetStringListOrNull("x"));
        Assert.Null(reader.GetSectionOrNull("x"));
        Assert.Null(reader.GetSectionsOrNull("x"));
        reader.RejectUnknown();
        Refused("a.b.x is not set: must be on or off.", () => reader.GetBool("x"));
    }

    [Fact]
    public void Sections_and_lists_are_read()
    {
        var reader = Parse(
            "s { name = x, shape = very-long }, phases = [ { n = 1 }, { n = 2 } ], l = [a, \" b\"], e = []", "");
        var section = reader.GetSection("s");
        Assert.Equal("s", section.Path);
        Assert.Equal(["name", "shape"], section.Keys);
        Assert.Equal(Shape.VeryLong, section.GetEnum<Shape>("shape"));
        Assert.Equal("x", section.GetChoice("name", "x", "y"));
        Assert.Equal([1, 2], reader.GetSections("phases").Select(phase => phase.GetInt("n", 1, 2)));
        Assert.Equal("phases[1]", reader.GetSections("phases")[1].Path);
        Assert.Equal(["a", " b"], reader.GetStringList("l"));
        Assert.Empty(reader.GetStringList("e"));
        Assert.Empty(reader.GetSections("e"));
        reader.RejectUnknown();
    }

    [Fact]
    public void Unknown_keys_are_refused_with_path_place_and_suggestion()
    {
        var reader = Parse(
            "a {\n  fiels = 3\n  qq = 1\n  b { files = 2 }\n  l = [ { nmae = x } ]\n  akka { x = 1 }\n}", "a");
        reader.GetIntOrNull("files", 1, 9);
        reader.GetSection("b").GetIntOrNull("size", 1, 9);
        reader.GetSections("l")[0].GetStringOrNull("name");
        reader.Skip("akka");
        var fault = Assert.Throws<FileEngineConfigurationException>(reader.RejectUnknown);
        Assert.Equal(
            [
                "a.fiels (test.conf:2:3) is not a known key. Did you mean a.files?",
                "a.qq (test.conf:3:3) is not a known key. Legal here: akka, b, files, l.",
                "a.b.files (test.conf:4:7) is not a known key. Did you mean a.files?",
                "a.l[0].nmae (test.conf:5:11) is not a known key. Did you mean a.l[0].name?",
            ],
            fault.Message.Split(Environment.NewLine));
    }

    [Fact]
    public void A_configuration_that_Akka_parsed_is_read_too()
    {
        Config config = "a { text = x y # comment\n quoted = \" z \"\n list = [1, 2]\n n = 5 // five\n }";
        var reader = new ConfigReader(config, "a");
        Assert.Equal("x y", reader.GetString("text"));
        Assert.Equal(" z ", reader.GetString("quoted"));
        Assert.Equal(["1", "2"], reader.GetStringList("list"));
        Assert.Equal(5, reader.GetInt("n", 1, 9));
        Assert.Null(reader.PositionOf("n"));
        Refused("a.n = 5: must be a whole number from 6 to 9.", () => reader.GetInt("n", 6, 9));
    }

    [Fact]
    public void Long_values_are_cut_in_messages() =>
        Assert.True(Reader(new string('x', 10_000)).Describe("key").Length < 120);

    private static ConfigReader Reader(string value) => Parse($"a.b {{ key = {value} }}", "a.b");

    private static ConfigReader Parse(string text, string path) =>
        new(HoconSource.Parse(text, "test.conf").Config, path);

    private static void Refused(string message, Func<object?> read)
    {
        var fault = Assert.Throws<FileEngineConfigurationException>(read);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
