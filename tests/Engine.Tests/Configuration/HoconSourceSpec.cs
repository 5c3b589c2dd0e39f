using Actors.Engine.Configuration;
using Xunit;

namespace Actors.Engine.Tests.Configuration;

/// <summary>What legal HOCON means: read back through the configuration that Akka gets.</summary>
public sealed class HoconSourceSpec
{
    [Theory]
    [InlineData("a = 1", "{a:'1'}")]
    [InlineData("a : 1, b = 2", "{a:'1',b:'2'}")]
    [InlineData("{ \"a\" : 1,\n\"b\"\n:\n[ true, null, \"x\" ] }", "{a:'1',b:['true','null','x']}")]
    [InlineData("\uFEFFa = 1", "{a:'1'}")]
    [InlineData("", "{}")]
    [InlineData("{}", "{}")]
    [InlineData("# only a comment", "{}")]
    [InlineData("a = 1 # one\r\n// two\r\nb = 2 // three\r\n", "{a:'1',b:'2'}")]
    [InlineData("a { b.c = 1, b { d = 2 } }", "{a:{b:{c:'1',d:'2'}}}")]
    [InlineData("a.\"b.c\".d = 1", "{a:{b.c:{d:'1'}}}")]
    [InlineData("a = x y   z ", "{a:'x y   z'}")]
    [InlineData("a = \" x \"", "{a:' x '}")]
    [InlineData("a = x \" y \" z", "{a:'x  y  z'}")]
    [InlineData("a = \"\"", "{a:''}")]
    [InlineData("a = \"\\\" \\\\ \\/ \\t \\u0041\"", "{a:'\" \\ / \t A'}")]
    [InlineData("a = \"\"\"x \"quoted\" \\n\ny\"\"\"\"", "{a:'x \"quoted\" \\n\ny\"'}")]
    [InlineData("a = \"{ } [ ] # // ${x}\"", "{a:'{ } [ ] # // ${x}'}")]
    [InlineData("a = []", "{a:[]}")]
    [InlineData("a = [\n1\n2\n,3,\n]", "{a:['1','2','3']}")]
    [InlineData("a = [1] [2, 3]", "{a:['1','2','3']}")]
    [InlineData("a = { b = 1 } { c = 2 }", "{a:{b:'1',c:'2'}}")]
    [InlineData("a = 1, a = 2", "{a:'2'}")]
    [InlineData("a = 1, a { b = 2 }", "{a:{b:'2'}}")]
    [InlineData("a { b = 2 }, a = 1", "{a:'1'}")]
    [InlineData("a { b = 1, c = 1 }, a { b = 2 }", "{a:{b:'2',c:'1'}}")]
    [InlineData("a { b = 1 }, a = null, a { c = 2 }", "{a:{c:'2'}}")]
    [InlineData("a { b = 1 }\na = { c = 2 }", "{a:{b:'1',c:'2'}}")]
    [InlineData("a { b { c = 1 } }, a { b = 5, b { d = 2 } }", "{a:{b:{d:'2'}}}")]
    [InlineData("a { b { c = 1 } }, a { b = [], b.d = 2 }", "{a:{b:{d:'2'}}}")]
    [InlineData("x { a.b.c = 1 }, x { a { b = null, b.d = 2 } }", "{x:{a:{b:{d:'2'}}}}")]
    [InlineData("a = { b.c = 1 } { b = 5, b { d = 2 } }", "{a:{b:{d:'2'}}}")]
    [InlineData("a { b.c = 1 }, a { b = 5 }, a { b.d = 2 }, a { b.e = 3 }", "{a:{b:{d:'2',e:'3'}}}")]
    [InlineData("phases = [ { name = write }, { name = read } ]", "{phases:[{name:'write'},{name:'read'}]}")]
    [InlineData("include = 1, include.x = 2", "{include:{x:'2'}}")]
    [InlineData("dir = out/x.txt, n = -1.5e+3, t = 64KiB", "{dir:'out/x.txt',n:'-1.5e+3',t:'64KiB'}")]
    [InlineData("\u00E9t\u00E9 = \u4F60\u597D\U0001F600", "{\u00E9t\u00E9:'\u4F60\u597D\U0001F600'}")]
    public void Legal_text_means_what_HOCON_says(string text, string expected) =>
        Assert.Equal(expected, Shown(text));

    [Theory]
    [InlineData("a = 1, b = ${a}", "{a:'1',b:'1'}")]
    [InlineData("b = ${a}, a = 1", "{b:'1',a:'1'}")]
    [InlineData("b = ${a}, a = 1, a = 2", "{b:'2',a:'2'}")]
    [InlineData("a.b = 1, c = x${a.b}y ${ a.b } z", "{a:{b:'1'},c:'x1y 1 z'}")]
    [InlineData("a { b = 1, c = ${a.b} }", "{a:{b:'1',c:'1'}}")]
    [InlineData("a { x = 1, y = 2 }, b = ${a} { y = 3 }", "{a:{x:'1',y:'2'},b:{x:'1',y:'3'}}")]
    [InlineData("a { x = 1 }, b = ${a}, b { y = 2 }", "{a:{x:'1'},b:{x:'1',y:'2'}}")]
    [InlineData("a { x = 1 }, b { y = 2 }, b = ${a}", "{a:{x:'1'},b:{y:'2',x:'1'}}")]
    [InlineData("a { x = 1 }, b = ${a}, b.x = 2, c = ${a.x}", "{a:{x:'1'},b:{x:'2'},c:'1'}")]
    [InlineData("x.b.c = 1, a = ${x}, a { b = 5, b { d = 2 } }", "{x:{b:{c:'1'}},a:{b:{d:'2'}}}")]
    [InlineData("a { b.c = 1 }, x = 5, a { b = ${x}, b { d = 2 } }", "{a:{b:{d:'2'}},x:'5'}")]
    [InlineData("y { b = 5, b { d = 2 } }, a = ${z} ${y}, z.b.c = 1", "{y:{b:{d:'2'}},a:{b:{d:'2'}},z:{b:{c:'1'}}}")]
    [InlineData("y { b = ${z}, b.d = 2 }, z = 5, x.b.c = 1, a = ${x} ${y}", "{y:{b:{d:'2'}},z:'5',x:{b:{c:'1'}},a:{b:{d:'2'}}}")]
    [InlineData("a = [1], b = ${a} [2]", "{a:['1'],b:['1','2']}")]
    [InlineData("a = [1], a = ${a} [2]", "{a:['1','2']}")]
    [InlineData("p = /bin, p = ${p}\":/sbin\"", "{p:'/bin:/sbin'}")]
    [InlineData("a.x = 1, a = ${a.x}", "{a:'1'}")]
    [InlineData("a = [1], a += 2, a += [3]", "{a:['1','2',['3']]}")]
    [InlineData("a += 1", "{a:['1']}")]
    [InlineData("l = [ { a += 1, a += 2 } ]", "{l:[{a:['1','2']}]}")]
    [InlineData("a = ${?none}", "{}")]
    [InlineData("a = 1, a = ${?none}", "{a:'1'}")]
    [InlineData("a = x${?none}y", "{a:'xy'}")]
    [InlineData("a = [1, ${?none}, 2]", "{a:['1','2']}")]
    [InlineData("a = ${?a}", "{}")]
    [InlineData("a = ${b}, a = 1", "{a:'1'}")]
    [InlineData("\"a.b\".c = 1, d = ${\"a.b\".c}", "{a.b:{c:'1'},d:'1'}")]
    public void Substitutions_are_looked_up_in_the_finished_document(string text, string expected) =>
        Assert.Equal(expected, Shown(text));

    [Fact]
    public void The_environment_is_not_looked_at() => Assert.Equal("{}", Shown("a = ${?PATH}"));

    [Fact]
    public void Overrides_come_last_and_substitutions_see_them()
    {
        var document = HoconSource.Parse("a = 1\nb = ${a}", "x.conf", ["a = 2", "c.d = [3]"]);
        Assert.Equal("{a:'2',b:'2',c:{d:['3']}}", HoconShow.Of(document.Config));
        Assert.Equal("--set:1:1", document.PositionOf("a"));
        var fault = Assert.Throws<HoconException>(() => HoconSource.Parse("", "x.conf", ["a = }"]));
        Assert.Equal("--set", fault.File);
    }

    [Fact]
    public void Positions_are_those_of_the_keys()
    {
        var document = HoconSource.Parse(
            "a {\n  b = 1\n  \"c.d\" = [ 1,\n    { e = 2 } ]\n}\nf = ${a}", "conf/seed.conf");
        Assert.Equal("conf/seed.conf:1:1", document.PositionOf("a"));
        Assert.Equal("conf/seed.conf:2:3", document.PositionOf("a.b"));
        Assert.Equal("conf/seed.conf:3:3", document.PositionOf("a.\"c.d\""));
        Assert.Equal("conf/seed.conf:4:5", document.PositionOf("a.\"c.d\"[1]"));
        Assert.Equal("conf/seed.conf:4:7", document.PositionOf("a.\"c.d\"[1].e"));
        Assert.Equal("conf/seed.conf:2:3", document.PositionOf("f.b"));
        foreach (var absent in new[] { "x", "a.x", "a.b.c", "a.\"c.d\"[2]", "a[0]", "a.\"c.d\"[", "a[x]", "\"", "." })
            Assert.Null(document.PositionOf(absent));
    }

    [Fact]
    public void Positions_survive_a_merge_of_configurations()
    {
        var upper = HoconSource.Parse("a.b = 1", "upper.conf").Config;
        var lower = HoconSource.Parse("\na { b = 2, c = 3 }", "lower.conf").Config;
        var merged = new ConfigReader(upper.WithFallback(lower), "a");
        Assert.Equal("upper.conf:1:1", merged.PositionOf("b"));
        Assert.Equal("lower.conf:2:12", merged.PositionOf("c"));
    }

    [Fact]
    public void The_reference_configuration_means_the_same_to_Akka()
    {
        var text = ReferenceText.Read();
        var akkas = Akka.Configuration.ConfigurationFactory.ParseString(text);
        Assert.Equal(HoconShow.Of(akkas), HoconShow.Of(HoconSource.Parse(text, "reference.conf").Config));
    }

    private static string Shown(string text) => HoconShow.Of(HoconSource.Parse(text, "test.conf").Config);
}
