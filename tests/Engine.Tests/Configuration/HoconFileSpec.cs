using System.Text;
using Actors.Engine.Configuration;
using Xunit;

namespace Actors.Engine.Tests.Configuration;

/// <summary>Files and includes.</summary>
public sealed class HoconFileSpec : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actors-hocon-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Includes_are_relative_to_their_file_and_nest()
    {
        var main = Write("main.conf", "x = 0\ninclude \"sub/one.conf\"\ny = ${z}");
        Write("sub/one.conf", "include file(\"two.conf\"), x = 1");
        Write("sub/two.conf", "include required(file(\"../three.conf\"))\nz = 2");
        Write("three.conf", "x = 3, \"include\" = 4");
        Assert.Equal("{x:'1',include:'4',z:'2',y:'2'}", Shown(main));
        Assert.Equal(Path.Combine(_directory, "sub/two.conf") + ":2:1", HoconSource.Load(main).PositionOf("z"));
    }

    [Fact]
    public void An_include_in_an_object_goes_into_it_and_its_substitutions_look_there_first()
    {
        var main = Write("main.conf", "a { include \"inner.conf\", y = 1 }\nz = 2\nl = [ { include \"list.conf\" } ]");
        Write("inner.conf", "x = ${y}, w = ${z}");
        Write("list.conf", "v = ${z}");
        Assert.Equal("{a:{x:'1',w:'2',y:'1'},z:'2',l:[{v:'2'}]}", Shown(main));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_a_key()
    {
        var main = Write("main.conf", "\uFEFFinclude \"bom.conf\"");
        Write("bom.conf", "\uFEFFa = 1");
        Assert.Equal("{a:'1'}", Shown(main));
    }

    [Fact]
    public void A_missing_include_names_both_files()
    {
        var main = Write("main.conf", "a = 1\n  include \"none.conf\"");
        var fault = Assert.Throws<HoconException>(() => HoconSource.Load(main));
        Assert.Equal((main, 2, 3), (fault.File, fault.Line, fault.Column));
        Assert.Contains(Path.Combine(_directory, "none.conf"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_an_included_file_carries_its_name()
    {
        var main = Write("main.conf", "include \"bad.conf\"");
        var bad = Write("bad.conf", "a = 1\nb = [ } ]");
        var fault = Assert.Throws<HoconException>(() => HoconSource.Load(main));
        Assert.Equal((bad, 2, 7), (fault.File, fault.Line, fault.Column));
    }

    [Fact]
    public void Includes_in_a_circle_are_refused()
    {
        var main = Write("main.conf", "include \"other.conf\"");
        Write("other.conf", "a { include \"./sub/../main.conf\" }");
        var fault = Assert.Throws<HoconException>(() => HoconSource.Load(main));
        Assert.Contains("includes itself (", fault.Message, StringComparison.Ordinal);
        var self = Write("self.conf", "include \"self.conf\"");
        Assert.Throws<HoconException>(() => HoconSource.Load(self));
    }

    [Fact]
    public void Includes_are_limited_in_depth_and_number()
    {
        for (var i = 0; i < 20; i++)
            Write($"deep{i}.conf", $"include \"deep{i + 1}.conf\"");
        Assert.Contains("deeper than 16", Refusal("deep0.conf"), StringComparison.Ordinal);
        for (var i = 0; i < 12; i++)
            Write($"wide{i}.conf", $"include \"wide{i + 1}.conf\"\ninclude \"wide{i + 1}.conf\"");
        Write("wide12.conf", "");
        Assert.Contains("more than 256", Refusal("wide0.conf"), StringComparison.Ordinal);
        Write("level.conf", $"{string.Join('.', Enumerable.Repeat("a", 60))} {{ include \"inner.conf\" }}");
        Write("inner.conf", "a.b.c.d.e = 1");
        Assert.Contains("nested deeper than 64", Refusal("level.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_a_fault_of_the_file()
    {
        Assert.Contains("there is no such file", Refusal("none.conf"), StringComparison.Ordinal);
        Assert.Contains("there is no such file", Refusal("none/x.conf"), StringComparison.Ordinal);
        Assert.Contains("a directory, not a file", Refusal(""), StringComparison.Ordinal);
        Write("large.conf", new string('#', (1 << 20) + 1));
        Assert.Contains("larger than 1 MiB", Refusal("large.conf"), StringComparison.Ordinal);
        Assert.Throws<HoconException>(() => HoconSource.Load("x\0y"));
    }

    [SkippableFact]
    public void A_device_without_end_is_refused()
    {
        Skip.IfNot(File.Exists("/dev/zero"), "there is no /dev/zero");
        Assert.Contains("larger than 1 MiB", Refusal("/dev/zero"), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused_with_their_place()
    {
        var main = Path.Combine(_directory, "latin.conf");
        File.WriteAllBytes(main, Encoding.Latin1.GetBytes("a = 1\nb = \u00E9"));
        var fault = Assert.Throws<HoconException>(() => HoconSource.Load(main));
        Assert.Equal((2, 5), (fault.Line, fault.Column));
        Assert.Contains("not UTF-8", fault.Message, StringComparison.Ordinal);
    }

    private static string Shown(string path) => HoconShow.Of(HoconSource.Load(path).Config);

    private string Refusal(string name) =>
        Assert.Throws<HoconException>(() => HoconSource.Load(Path.Combine(_directory, name))).Message;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
