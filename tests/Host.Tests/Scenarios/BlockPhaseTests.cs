using Actors.Host.Scenarios;

namespace Actors.Host.Tests.Scenarios;

/// <summary>The keys of block phases: what they come to, and what is refused with what is legal.</summary>
public sealed class BlockPhaseTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string[]> Refused => new()
    {
        { "layout.block-size=1000", ["size = 64MiB", "multiple of block-size = 1000"] },
        { "layout.block-size=16", ["block-size = 16", "from 32"] },
        { "layout.count=4", ["scenario.phases[0].size", "set one of them"] },
        { "layout.in-flight=500", ["in-flight", "must not exceed actors.engine.backend.in-flight = 256"] },
        { "layout.in-flight=0", ["in-flight = 0", "from 1 to"] },
        { "layout.warmup=1s", ["warmup = 1s", "needs a duration"] },
        { "layout.duration=1s", ["duration = 1s", "lays the files out"] },
        { "layout.read-percent=5", ["read-percent = 5", "operation = mixed"] },
        { "layout.sync-every=0", ["sync-every = 0", "1 or more"] },
        { "random-read.sync-every=4", ["scenario.phases[1].sync-every", "not a known key"] },
        { "random-read.duration=0", ["duration = 0", "units: us, ms"] },
        { "random-read.duration=soon", ["duration = soon", "a duration"] },
        { "random-read.block-size=8KiB", ["block-size = 8KiB", "\"layout\" before it, 4096"] },
        { "random-read.size=1MiB", ["scenario.phases[1].size", "not a known key"] },
        { "random-read.direct=perhaps", ["direct = perhaps", "on or off"] },
        { "random-read.unit=line", ["unit = line", "\"layout\""] },
        { "mix.read-percent=101", ["read-percent = 101", "from 0 to 100"] },
        { "mix.pattern=zigzag", ["pattern = zigzag", "sequential", "random"] },
        { "mix.verify=perhaps", ["verify = perhaps", "on or off"] },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_not_legal_is_named_with_what_is(string setting, string[] parts)
    {
        var result = await RunAsync("--set", $"scenario.phases.{setting}");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.All(parts, part => Assert.Contains(part, result.Error));
        Assert.False(Directory.Exists(_directory["out"]));
    }

    [Fact]
    public async Task Direct_blocks_must_be_whole_sectors()
    {
        var result = await RunAsync(
            "--set", "scenario.phases.layout.block-size=640", "--set", "scenario.phases.layout.size=640000");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("scenario.phases[1].direct = on", result.Error);
        Assert.Contains("640 bytes", result.Error);
        Assert.Contains("multiple of 512", result.Error);
    }

    [Fact]
    public void The_shipped_example_lays_out_reads_and_mixes()
    {
        var phases = ScenarioLoader.Load(ActorsCommandLine.Shipped("blocks.conf"), []).Settings.Phases;
        Assert.Equal(
            [PhaseOperation.Write, PhaseOperation.Read, PhaseOperation.Mixed], phases.Select(p => p.Operation));
        Assert.Equal([true, false, false], phases.Select(p => p.LaysOut));
        Assert.All(phases, p => Assert.Equal((16384, 4096), (p.Count, p.BlockSize)));
        Assert.Equal(TimeSpan.FromSeconds(2.5), phases[1].RunTime);
        Assert.Equal(70, phases[2].ReadPercent);
        Assert.Null(phases[1].ReadPercent);
    }

    private Task<CommandResult> RunAsync(params string[] settings) => ActorsCommandLine.RunAsync(
        ["run", ActorsCommandLine.Shipped("blocks.conf"), "--dir", _directory["out"], .. settings]);
}
