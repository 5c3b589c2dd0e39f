namespace Actors.Host.Tests.Scenarios;

/// <summary>Whatever is wrong with what the user gives: exit code 2, one message that says where and what is legal, no
/// stack trace, and nothing written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string[]> Settings => new()
    {
        { "scenario.filez=3", ["scenario.filez", "Did you mean scenario.files"] },
        { "scenario.files=-3", ["scenario.files = -3", "from 1 to"] },
        { "scenario.files=many", ["scenario.files = many", "whole number"] },
        { "scenario.phases.write.count=-1", ["scenario.phases[0].count = -1", "1 or more"] },
        { "scenario.phases.write.unit=word", ["scenario.phases[0].unit = word", "line"] },
        { "scenario.phases.write.line=a {word}", ["scenario.phases[0].line", "{word} is no placeholder", "{line}"] },
        { "scenario.phases.write.block-size=4KiB", ["scenario.phases[0].block-size", "unit = block"] },
        { "scenario.phases.read.duration=1s", ["scenario.phases[1].duration = 1s", "unit = block"] },
        { "scenario.phases.read.operation=mixed", ["scenario.phases[1].operation = mixed", "write or read"] },
        { "scenario.phases.read.count=4", ["scenario.phases[1].count", "not a known key"] },
        { "scenario.phases.wrte.count=4", ["no phase \"wrte\"", "write, read"] },
        { "scenario.phases=[]", ["scenario.phases", "at least one phase"] },
        { "scenario.phases=[{name=r,operation=read,unit=line}]", ["operation = read", "write phase before it"] },
        { "scenario.backends=nosuch", ["scenario.backends = nosuch", "available, auto, or a list of io-uring"] },
        { "scenario.backends=[sync, sync]", ["scenario.backends", "each once"] },
        { "scenario.skip-backends=[nosuch]", ["scenario.skip-backends", "io-uring"] },
        { "scenario.file-name=../{file}", ["scenario.file-name = ../{file}", "leave the scenario's directory"] },
        { "scenario.file-name=/tmp/{file}", ["scenario.file-name", "absolute"] },
        { "scenario.file-name=fixed", ["scenario.file-name", "{file}"] },
        { "scenario.verify=perhaps", ["scenario.verify = perhaps", "on or off"] },
        { "actors.engine.event-loop.spin=20parsecs", ["event-loop.spin = 20parsecs", "units: us, ms"] },
        { "actors.engine.buffers.size-max=64KB7", ["buffers.size-max = 64KB7", "size"] },
        { "actors.engine.nosuch=1", ["actors.engine.nosuch", "not a known key"] },
        { "actors.engine.backend-name=sync", ["backend-name = sync", "scenario.backends", "--backend"] },
        {
            "actors.engine.file.credit-messages=1000",
            ["file.credit-messages = 1000", "must not exceed", "file.queue-messages = 512"]
        },
        { "actors.engine.backend.in-flight=4000", ["backend.in-flight = 4000", "must not exceed", "depth"] },
        { "files=3", ["\"files\" is not a setting", "scenario.files"] },
        { "scenario.files", ["has no value", "scenario.files=VALUE"] },
        { "scenario..files=3", ["is no key"] },
    };

    public static TheoryData<string, string[]> Texts => new()
    {
        { "scenario { name = x\n files = [ } ]\n}", ["bad.conf:2:", "]"] },
        { "scenario {", ["bad.conf:", "{"] },
        { "scenario { name = \"x }", ["bad.conf:1:"] },
        { "scenaro { }", ["scenaro (", "bad.conf:1:1)", "Did you mean scenario"] },
        { "", ["scenario", "section"] },
        { "include \"gone.conf\"", ["gone.conf"] },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task A_setting_that_is_not_legal_is_named_with_what_is(string setting, string[] parts)
    {
        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory["out"], "--set", setting);
        AssertRefused(result, parts);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_file_that_is_not_a_scenario_is_named_with_line_and_column(string text, string[] parts)
    {
        var path = _directory.Write("bad.conf", text);
        AssertRefused(await ActorsCommandLine.RunAsync("run", path, "--dir", _directory["out"]), parts);
    }

    [Fact]
    public async Task A_missing_file_is_named_with_those_that_are_shipped()
    {
        var result = await ActorsCommandLine.RunAsync("run", _directory["nosuch.conf"]);
        AssertRefused(result, [_directory["nosuch.conf"], "seed.conf", "quick.conf"]);
    }

    [Fact]
    public async Task Blocks_in_flight_must_fit_into_the_credits()
    {
        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("offsets.conf"), "--dir", _directory["out"],
            "--set", "actors.engine.file.credit-bytes=64KiB");
        AssertRefused(result, ["scenario.phases[0].in-flight = 32", "must not exceed", "file.credit-bytes = 65536"]);
    }

    [Theory]
    [InlineData("nosuch", "nosuch is no backend")]
    [InlineData("sync,sync", "each once")]
    [InlineData(",", "each once")]
    public async Task A_backend_that_does_not_exist_is_refused_with_those_that_do(string backends, string problem)
    {
        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory["out"], "--backend", backends);
        AssertRefused(result, [problem, "available, auto", "io-uring, linux-aio, thread-pool, sync, sync-thread"]);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_is_named()
    {
        var file = _directory.Write("file", "not a directory");
        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", Path.Combine(file, "below"));
        AssertRefused(result, ["scenario.directory", Path.Combine(file, "below"), "--dir"]);
    }

    [Fact]
    public async Task A_document_that_cannot_be_written_is_refused_before_the_run()
    {
        var target = _directory["gone/report.json"];
        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory["out"], "--json", target);
        AssertRefused(result, ["--json", target]);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("run", "--bogus")]
    [InlineData("run", "a.conf", "b.conf")]
    [InlineData("run", "--csv", "-")]
    [InlineData("verify")]
    public async Task A_command_line_that_is_not_understood_says_so(params string[] args)
    {
        var result = await ActorsCommandLine.RunAsync(args);
        AssertRefused(result, []);
    }

    private void AssertRefused(CommandResult result, string[] parts)
    {
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Empty(result.Output);
        Assert.All(parts, part => Assert.Contains(part, result.Error));
        Assert.DoesNotContain("   at ", result.Error);
        Assert.DoesNotContain("Exception", result.Error);
        Assert.False(Directory.Exists(_directory["out"]));
    }
}
