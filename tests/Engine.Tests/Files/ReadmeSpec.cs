using System.Text.RegularExpressions;
using Actors.Engine.Streams;
using Actors.Engine.Tests.Scenario;
using Actors.Engine.Tests.Structure;
using Akka.Actor;
using Akka.Hosting;
using Akka.Streams;
using Akka.Streams.Dsl;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>
/// The code of README.md, which runs here line by line as it stands there; the last test compares the two. Only where
/// files are differs: the scenario's PathOf("app.log") is README's "app.log".
/// </summary>
public sealed partial class ReadmeSpec
{
    [Fact]
    public Task Quick_start() => EngineScenario.RunAsync("sync", async scenario =>
    {
        {
            await using var engine = FileEngine.Start();
            await using var log = await engine.OpenWriterAsync(scenario.PathOf("app.log"), OpenMode.Append);
            await log.WriteLineAsync($"started at {DateTime.UtcNow:O}");
            await log.SyncAsync();
            await foreach (var line in engine.ReadLinesAsync(scenario.PathOf("app.log")))
            {
                Console.WriteLine(line);
            }
        }

        Assert.StartsWith("started at 2", scenario.ContentOf("app.log"), StringComparison.Ordinal);
    });

    [Fact]
    public async Task In_a_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFileEngine();
        builder.Services.AddHealthChecks().AddFileEngine();
        using var host = builder.Build();
        await host.StartAsync().WaitAsync(EngineScenario.Patience);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Status);
        await host.StopAsync().WaitAsync(EngineScenario.Patience);
    }

    [Fact]
    public async Task With_akka_hosting()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAkka("app", akka => akka.WithFileEngine());
        using var host = builder.Build();
        await host.StartAsync().WaitAsync(EngineScenario.Patience);
        Assert.True(host.Services.GetRequiredService<ActorSystem>().FileEngine().ShardCount > 0);
        await host.StopAsync().WaitAsync(EngineScenario.Patience);
    }

    [Fact]
    public Task In_an_actor() => EngineScenario.RunAsync("sync", async scenario =>
    {
        scenario.System.ActorOf(Props.Create(() => new Greeter(scenario)));
        await scenario.UntilAsync(
            () => File.Exists(scenario.PathOf("app.log")) && scenario.ContentOf("app.log") == "hello\n");
        await scenario.Engine.Coordinator.Ask<Drained>(new Drain(EngineScenario.Patience), EngineScenario.Patience);
    });

    [Fact]
    public Task Akka_streams() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var system = scenario.System;
        scenario.Given("in.bin", Text.Pattern(100_000));
        scenario.Given("app.log", "INFO a\nERROR b\n");
        var copied = await FileSource.FromFile(scenario.PathOf("in.bin"))
            .RunWith(FileSink.ToFile(scenario.PathOf("out.bin")), system.Materializer());

        await LinesSource.TextFromFile(scenario.PathOf("app.log"))
            .Where(line => line.Contains("ERROR"))
            .RunForeach(Console.WriteLine, system.Materializer());
        Assert.Equal(100_000, copied.Count);
        Assert.Equal(scenario.ContentOf("in.bin"), scenario.ContentOf("out.bin"));
    });

    [Fact]
    public void The_code_of_the_readme_is_in_this_file()
    {
        var tested = Path().Replace(Bare(SourceTree.TextOf("tests/Engine.Tests/Files/ReadmeSpec.cs")), "$1");
        var blocks = Block().Matches(SourceTree.TextOf("README.md")).Select(block => Bare(block.Groups[1].Value)).ToArray();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(block, tested, StringComparison.Ordinal));
    }

    /// <summary>The lines without comments and space around them.</summary>
    private static string Bare(string code) => string.Join(
        '\n', code.Split('\n').Select(line => Comment().Replace(line, "").Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"scenario\.PathOf\((""[^""]*"")\)")]
    private static partial Regex Path();

    private sealed class Greeter(EngineScenario scenario) : UntypedActor
    {
        private readonly FileEngine _engine = scenario.Engine;
        private IActorRef _file = ActorRefs.Nobody;
        private int _credits;

        protected override void PreStart() =>
            _engine.Coordinator.Tell(new Open(scenario.PathOf("app.log"), OpenMode.Append));

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Opened opened:
                    _file = Sender;
                    _credits = opened.Credits;
                    _file.Tell(new Write("hello\n"u8.ToArray()));
                    break;
                case Written written:
                    _credits += written.Count;
                    break;
                case CommandFailed failed:
                    break;
            }
        }
    }
}
