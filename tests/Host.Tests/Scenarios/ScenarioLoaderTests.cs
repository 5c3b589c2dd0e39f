using Actors.Host.Scenarios;

namespace Actors.Host.Tests.Scenarios;

public sealed class ScenarioLoaderTests
{
    public static TheoryData<string> Shipped =>
    [
        .. ShippedScenarios.Paths().Select(f => Path.GetFileName(f)),
    ];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_scenario_loads(string name) => Assert.NotEmpty(Load(name).Settings.Phases);

    [Fact]
    public void Seed_is_the_articles_workload()
    {
        var scenario = Load("seed.conf");
        Assert.Equal(100, scenario.Settings.Files);
        Assert.True(scenario.Settings.RunsAvailable);
        Assert.False(scenario.Engine.Writer.Coalesce);
        Assert.True(scenario.Engine.Backend.LinuxAio.AllowBuffered);
        var write = scenario.Settings.Phases[0];
        Assert.Equal((PhaseOperation.Write, PhaseUnit.Line, 10_000L), (write.Operation, write.Unit, write.Count));
        Assert.Equal("out/seed", scenario.Settings.Directory);
    }

    [Fact]
    public void Coalesced_differs_from_seed_in_what_it_says_and_nothing_else()
    {
        var seed = Load("seed.conf");
        var coalesced = Load("seed-coalesced.conf");
        Assert.True(coalesced.Engine.Writer.Coalesce);
        Assert.Equal(seed.Engine, coalesced.Engine with { Writer = seed.Engine.Writer });
        Assert.Equal(seed.Settings.Phases, coalesced.Settings.Phases);
        Assert.Equal("out/seed-coalesced", coalesced.Settings.Directory);
    }

    [Fact]
    public void Overrides_reach_every_place_and_later_ones_win()
    {
        var scenario = Load(
            "quick.conf",
            "scenario.files=3",
            "scenario.file-name=d/{file}.log",
            "scenario.phases.write.count=1",
            "scenario.phases.write.count=7",
            "scenario.backends=[sync, thread-pool]",
            "actors.engine.shards=1");
        Assert.Equal(3, scenario.Settings.Files);
        Assert.Equal(Path.Combine("d", "2.log"), scenario.FileNames.NameOf(2));
        Assert.Equal([7L, 7L], scenario.Settings.Phases.Select(p => p.Count));
        Assert.Equal(["sync", "thread-pool"], scenario.Settings.Backends);
        Assert.Equal(1, scenario.Engine.Shards);
    }

    private static Scenario Load(string name, params string[] settings) => ScenarioLoader.Load(
        ActorsCommandLine.Shipped(name), [.. settings.Select(SettingOverride.Parse)]);
}
