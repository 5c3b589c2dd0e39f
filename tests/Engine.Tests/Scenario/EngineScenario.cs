using System.Text;
using Actors.Engine.Drivers;
using Actors.Engine.Memory;
using Actors.Engine.Shards;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.TestKit;
using Xunit;
using IO = System.IO;

namespace Actors.Engine.Tests.Scenario;

/// <summary>
/// An actor system with an engine on one backend and a directory of its own. RunAsync starts it, plays the
/// scenario, and then checks that nothing was left behind: no file open, nothing in flight, every buffer back, no
/// unexpected dead letter, shard threads ended, no descriptor of the directory's files.
/// </summary>
internal sealed class EngineScenario
{
    /// <summary>Long enough that only a hang reaches it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Long enough for a whole scenario, so that one that hangs fails instead of holding up all others.</summary>
    private static readonly TimeSpan ScenarioPatience = TimeSpan.FromMinutes(4);

    private static readonly Config Quiet = ConfigurationFactory.ParseString(
        $$"""
        akka.loglevel = WARNING
        akka.stdout-loglevel = OFF
        akka.loggers = []
        akka.log-dead-letters = off
        akka.log-dead-letters-during-shutdown = off
        akka.test.single-expect-default = {{(int)Patience.TotalSeconds}}s
        actors.engine.shards = 2
        actors.engine.backend.linux-aio.allow-buffered = on
        """);

    private readonly EngineTestKit _kit;

    private EngineScenario(string backend, string hocon, Setup[] setups)
    {
        Directory = IO.Directory.CreateTempSubdirectory("actors-test-").FullName;
        var config = ConfigurationFactory.ParseString(hocon)
            .WithFallback(ConfigurationFactory.ParseString($"actors.engine.backend-name = {backend}"))
            .WithFallback(Quiet);
        var setup = BootstrapSetup.Create().WithConfig(config);
        System = ActorSystem.Create("scenario", ActorSystemSetup.Create([setup, .. setups]));
        _kit = new EngineTestKit(System);
        Faults = new FaultLog(System);
        Engine = System.FileEngine();
    }

    public ActorSystem System { get; }

    public FileEngine Engine { get; }

    /// <summary>Empty at the start, deleted at the end.</summary>
    public string Directory { get; }

    public FaultLog Faults { get; }

    /// <summary>Set by a scenario that stops the system itself.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Plays a scenario on a backend, or skips it with a reason.</summary>
    /// <param name="backend">As in configuration.</param>
    /// <param name="play">The scenario.</param>
    /// <param name="hocon">Settings that override the defaults.</param>
    /// <param name="setups">Other parts of the system's setup.</param>
    public static async Task RunAsync(
        string backend, Func<EngineScenario, Task> play, string hocon = "", params Setup[] setups)
    {
        Backends.SkipUnlessAvailable(backend);
        await new EngineScenario(backend, hocon, setups).PlayAsync(play);
    }

    /// <summary>Plays a scenario on one shard with a scripted driver, and other parts of a system's setup.</summary>
    public static async Task RunAsync(
        ScriptedDriver driver, Func<EngineScenario, Task> play, string hocon = "", params Setup[] setups)
    {
        var scenario = new EngineScenario(
            BackendNames.Sync, $"actors.engine.shards = 1\n{hocon}", [new DriverSetup(_ => driver), .. setups]);
        await scenario.PlayAsync(async s =>
        {
            try
            {
                await play(s).WaitAsync(Patience * 4);
            }
            catch
            {
                // What is held would hold up the end of the failed scenario.
                driver.ReleaseAll();
                throw;
            }
        });
    }

    /// <summary>Plays a scenario on drivers that are made by the scenario, for each shard and again when one has
    /// failed.</summary>
    public static Task RunAsync(
        Func<int, IDriver> create, Func<EngineScenario, Task> play, string hocon = "", params Setup[] setups) =>
        new EngineScenario(BackendNames.Sync, hocon, [new DriverSetup(create), .. setups]).PlayAsync(play);

    /// <summary>A client of the engine, named by its role.</summary>
    public TestProbe Probe(string role) => _kit.CreateTestProbe(role);

    public string PathOf(string name) => Path.Combine(Directory, name);

    /// <summary>Makes a file with the given text and returns its path.</summary>
    public string Given(string name, string text = "") => Given(name, Text.Bytes(text));

    public string Given(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    public string ContentOf(string name) => File.ReadAllText(PathOf(name), Encoding.Latin1);

    /// <summary>Opens a file below the directory and returns its handle with what <see cref="Opened"/> said.</summary>
    public async Task<ClientFile> OpenAsync(
        TestProbe client, string name, OpenMode mode, OpenOptions? options = null)
    {
        Engine.Coordinator.Tell(new Open(PathOf(name), mode, options), client);
        var opened = await client.ExpectMsgAsync<Opened>();
        return new ClientFile(client.LastSender, client, opened);
    }

    /// <summary>Asks for an open that is expected to fail.</summary>
    public async Task<CommandFailed> FailToOpenAsync(
        TestProbe client, string name, OpenMode mode, OpenOptions? options = null)
    {
        var open = new Open(PathOf(name), mode, options);
        Engine.Coordinator.Tell(open, client);
        var failed = await client.ExpectMsgAsync<CommandFailed>();
        Assert.Same(open, failed.Command);
        Assert.NotEmpty(failed.Cause);
        return failed;
    }

    public Task<EngineMetrics> CollectAsync(bool reset = false) =>
        Engine.Metrics.Ask<EngineMetrics>(new CollectMetrics(reset), Patience);

    /// <summary>Waits for a condition that no message announces.</summary>
    public Task UntilAsync(Func<bool> condition, string what = "") =>
        _kit.AwaitConditionAsync(() => Task.FromResult(condition()), Patience, TimeSpan.FromMilliseconds(5), what);

    public Task UntilNoFileIsOpenAsync() => _kit.AwaitConditionAsync(
        async () => (await CollectAsync()).OpenFiles == 0, Patience, TimeSpan.FromMilliseconds(5), "no file open");

    /// <summary>Runs something on a shard's thread and waits for it.</summary>
    public Task<T> OnShardAsync<T>(int index, Func<Shard, T> read)
    {
        var shard = Engine.Shards[index];
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        shard.Loop.Execute(new ShardWork(() => done.SetResult(read(shard))));
        return done.Task.WaitAsync(Patience);
    }

    /// <summary>Waits until a file's actor has taken everything sent to it so far, from whichever thread.</summary>
    public Task SettleAsync(ClientFile file) => file.Ref.Ask<ActorIdentity>(new Identify(null), Patience);

    /// <summary>Stops the actor system and waits for it; the checks that need it running are left out then.</summary>
    public async Task StopAsync()
    {
        Faults.Close();
        IsStopped = true;
        await System.Terminate().WaitAsync(Patience);
    }

    private async Task PlayAsync(Func<EngineScenario, Task> play)
    {
        try
        {
            await play(this).WaitAsync(ScenarioPatience);
            if (!IsStopped)
            {
                await CheckNothingIsLeftAsync();
                await StopAsync();
            }

            await CheckStoppedAsync();
        }
        finally
        {
            if (!IsStopped)
            {
                await StopAsync();
            }

            System.Dispose();
            TestFolder.Delete(Directory);
        }
    }

    private async Task CheckNothingIsLeftAsync()
    {
        await UntilNoFileIsOpenAsync();
        foreach (var shard in Engine.Shards.Where(shard => shard.Loop.IsStarted))
        {
            Assert.Equal(0, await OnShardAsync(shard.Index, s => s.Scheduler.InFlight));
            await UntilAsync(() => shard.Buffers.Leased == 0, $"every buffer of shard {shard.Index} back");
        }

        Assert.Empty(Engine.Writers);
        Assert.Empty(Faults.Faults);
    }

    private async Task CheckStoppedAsync()
    {
        foreach (var shard in Engine.Shards)
        {
            Assert.True(shard.Loop.Join(Patience), $"the thread of shard {shard.Index} has not ended");
            await UntilAsync(() => shard.Buffers.Leased == 0, $"every buffer of shard {shard.Index} back");
        }

        Assert.Empty(OpenDescriptors.Below(Directory));
        Engine.Buffers.EndQuarantine();
        Assert.Empty(Quarantine.Violations);
    }
}
