using System.Collections.Concurrent;
using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Actors.Engine.Telemetry;
using Actors.Engine.Tests.Scenario;
using Actors.Engine.Tests.Telemetry;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Xunit;

namespace Actors.Engine.Tests.Hosting;

/// <summary>The engine of an actor system without hosting: one each, started once or refused with a reason.</summary>
public sealed class FileEngineSpec
{
    private const string Quiet = "akka { loglevel = WARNING, loggers = [], stdout-loglevel = OFF }\n";

    private readonly LogRecorder _log = new();

    [Fact]
    public async Task The_engine_of_a_system_is_one_whoever_asks_for_it_first()
    {
        using var system = Create("actors.engine { backend-name = sync, shards = 2 }");
        var engines = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(system.FileEngine)));
        Assert.Single(engines.Distinct());
        var engine = engines[0];
        Assert.Equal(("sync", "configured", 2), (engine.Backend, engine.BackendReason, engine.ShardCount));
        Assert.False(engine.Coordinator.IsNobody());
        Assert.False(engine.Metrics.IsNobody());
        await system.Terminate().WaitAsync(EngineScenario.Patience);
    }

    /// <summary>By default a part of the memory that there is, and in any case what a shard cannot do without.</summary>
    [Theory]
    [InlineData("32KiB", 80 << 10)]
    [InlineData("16MiB", (32 << 20) + (16 << 10))]
    public async Task The_buffers_of_an_engine_follow_the_memory_that_it_may_use(string chunk, long needed)
    {
        using var system = Create(
            $"actors.engine {{ backend-name = sync, shards = 4, reader {{ chunk-size = {chunk}, line-size-max = 16MiB }} }}");
        var buffers = system.FileEngine().Shards.Sum(shard => shard.Buffers.BytesMax);
        var share = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16;
        Assert.Equal(4 * Math.Max(Math.Min(share, 64 << 20) / 4, needed), buffers);
        await system.Terminate().WaitAsync(EngineScenario.Patience);
    }

    [Fact]
    public Task Two_engines_in_one_process_know_nothing_of_each_other() => EngineScenario.RunAsync("sync", first =>
        EngineScenario.RunAsync("sync", async second =>
        {
            Assert.NotSame(first.Engine, second.Engine);
            var here = await first.OpenAsync(first.Probe("client"), "a.txt", OpenMode.Write);
            var there = await second.OpenAsync(second.Probe("client"), "a.txt", OpenMode.Write);
            here.Append("first");
            there.Append("second");
            await here.ExpectWrittenAsync(1);
            await there.ExpectWrittenAsync(1);
            Assert.Equal(5, (await first.CollectAsync()).BytesWritten);
            Assert.Equal(6, (await second.CollectAsync()).BytesWritten);
            await here.CloseAsync();
            await there.CloseAsync();
            Assert.Equal(("first", "second"), (first.ContentOf("a.txt"), second.ContentOf("a.txt")));
        }));

    [Theory]
    [InlineData("actors.engine.writer.colaesce = on", "actors.engine.writer.colaesce")]
    [InlineData("actors.engine.shardz = 1", "actors.engine.shardz")]
    [InlineData("actors.engine.shards = 0", "actors.engine.shards")]
    [InlineData("actors.engine.backend-name = floppy", "actors.engine.backend-name")]
    [InlineData("actors.engine.file { credit-messages = 10, queue-messages = 5 }", "actors.engine.file.queue-messages")]
    [InlineData("actors.engine { shards = 8, buffers.size-max = 64KiB }", "actors.engine.buffers.size-max")]
    [InlineData("actors.engine { shards = 8, buffers.size-max = 64KiB }", "8 shards (actors.engine.shards)")]
    [InlineData(
        "actors.engine { backend-name = sync-thread, backend.sync-thread.threads-max = 1024, buffers.size-max = 64MiB }",
        "1024 shards (actors.engine.backend.sync-thread.threads-max)")]
    public void A_setting_that_is_wrong_is_refused_by_its_full_path(string hocon, string path)
    {
        using var system = Create($"actors.engine.backend-name = sync\n{hocon}");
        var refusal = Assert.Throws<FileEngineConfigurationException>(system.FileEngine);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public async Task A_named_backend_is_there_or_refused_with_the_reason(string backend)
    {
        var settings = SettingsOf(backend);
        using var system = Create(settings);
        var status = BackendSelection.Try(
            backend, EngineSettings.Create(ConfigurationFactory.ParseString(settings)));
        if (status.Available)
        {
            Assert.Equal(backend, system.FileEngine().Backend);
        }
        else
        {
            var refusal = Assert.Throws<FileEngineConfigurationException>(system.FileEngine);
            Assert.Contains(status.Reason, refusal.Message, StringComparison.Ordinal);
        }

        await system.Terminate().WaitAsync(EngineScenario.Patience);
    }

    [Fact]
    public void A_backend_that_is_missing_is_named_with_its_cause_and_its_remedy()
    {
        var missing = new DriverUnavailableException("The kernel forbids it.", "Set the sysctl.");
        var setup = BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(
            $"{Quiet} actors.engine {{ backend-name = sync, shards = 3 }}"));
        var made = new ScriptedDriver[3];
        using var system = ActorSystem.Create("missing", setup.And(new DriverSetup(
            shard => shard == 2 ? throw missing : made[shard] = new ScriptedDriver())));
        var refusal = Assert.Throws<FileEngineConfigurationException>(system.FileEngine);
        Assert.Contains("backend-name = sync", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("The kernel forbids it.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Set the sysctl.", refusal.Message, StringComparison.Ordinal);

        // The shards that had started have ended.
        Assert.True(made[0].IsDisposed && made[1].IsDisposed);
    }

    [SkippableFact]
    public async Task Auto_does_without_rings_where_not_all_shards_get_one()
    {
        Backends.SkipUnlessAvailable(BackendNames.IoUring);
        var rings = new ConcurrentBag<IDriver>();
        var setup = BootstrapSetup.Create()
            .WithConfig(ConfigurationFactory.ParseString($"{Quiet} actors.engine {{ backend-name = auto, shards = 3 }}"))
            .And(new TelemetrySetup(_log, null, isOwnSystem: false))
            .And(new SystemCallsSetup(SystemCalls.Platform, (shard, driver) =>
            {
                if (!driver.Details.Contains("entries", StringComparison.Ordinal))
                {
                    return driver;
                }

                rings.Add(driver);
                return shard == 0
                    ? driver
                    : throw new DriverUnavailableException("No lockable memory left.", "Raise RLIMIT_MEMLOCK.");
            }));
        using var system = ActorSystem.Create("few-rings", setup);
        var engine = system.FileEngine();
        Assert.Equal((BackendNames.ThreadPool, 3), (engine.Backend, engine.ShardCount));
        Assert.Equal(3, rings.Count);
        Assert.Contains(
            "3 shards do not all get a ring: No lockable memory left.", engine.BackendReason, StringComparison.Ordinal);
        Assert.Contains(engine.BackendReason, _log.One(2).Text, StringComparison.Ordinal);
        var path = Path.GetTempFileName();
        foreach (var shard in Enumerable.Range(0, 3))
        {
            await using var file = await engine.OpenAsync(
                path, OpenMode.ReadWrite, new OpenOptions { Shard = shard, Direct = false });
            await file.AppendAsync(Text.Pattern(100_000));
            await file.SyncAsync();
        }

        Assert.Equal(300_000, new FileInfo(path).Length);
        File.Delete(path);
        await system.Terminate().WaitAsync(EngineScenario.Patience);
        foreach (var ring in rings)
        {
            ring.Dispose();
        }
    }

    [SkippableFact]
    public async Task Threads_that_are_not_there_yet_are_no_descriptors_in_use()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "limits of Linux");
        using var system = Create(
            "actors.engine { backend-name = sync-thread, backend.sync-thread.threads-max = 1000, buffers.size-max = 1GiB }");
        var threads = system.FileEngine().OpenFilesMax;
        using var other = Create("actors.engine { backend-name = sync-thread, backend.sync-thread.threads-max = 1 }");

        // Each file of the former takes two descriptors, for as long as threads are to come.
        var alone = other.FileEngine().OpenFilesMax;
        Assert.InRange(threads, Math.Max(alone / 3, alone - 1100), alone);
        await Task.WhenAll(system.Terminate(), other.Terminate()).WaitAsync(EngineScenario.Patience);
    }

    [SkippableTheory]
    [InlineData("/tmp")]
    [InlineData("/dev/shm")]
    public void A_probe_says_of_direct_IO_what_an_open_says(string directory)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Directory.Exists(directory), "no such directory here");
        var said = BackendProbe.ProbeDirect(directory) is null ? "no direct I/O in" : "direct I/O works in";
        var statuses = BackendProbe.Probe(EngineSettings.Create(Config.Empty), directory);
        Assert.All(statuses.Where(status => status.Available), status =>
            Assert.Contains(said, status.Details, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Auto_says_what_it_took_and_why()
    {
        using var system = Create("actors.engine { backend-name = auto, shards = 1 }");
        var engine = system.FileEngine();
        Assert.Contains(engine.Backend, new[] { "io-uring", "thread-pool" });
        var reason = engine.Backend == "io-uring" ? "io_uring works" : "io-uring is not available";
        Assert.Contains(reason, engine.BackendReason, StringComparison.Ordinal);
        await system.Terminate().WaitAsync(EngineScenario.Patience);
    }

    [Fact]
    public void Auto_falls_back_with_the_reason_of_what_is_missing()
    {
        var ring = new BackendStatus("io-uring", false, "The sysctl forbids it.", "");
        var others = new[] { "linux-aio", "thread-pool", "sync", "sync-thread" }
            .Select(name => new BackendStatus(name, true, "", ""));
        var (name, reason) = BackendProbe.Choose([ring, .. others]);
        Assert.Equal("thread-pool", name);
        Assert.Contains("The sysctl forbids it.", reason, StringComparison.Ordinal);
        (name, reason) = BackendProbe.Choose([ring with { Available = true, Details = "6.1 features" }, .. others]);
        Assert.Equal("io-uring", name);
        Assert.Contains("6.1 features", reason, StringComparison.Ordinal);
    }

    private static string SettingsOf(string backend) =>
        $"actors.engine {{ backend-name = {backend}, shards = 1, backend.sync-thread.threads-max = 2 }}";

    private static ActorSystem Create(string hocon) =>
        ActorSystem.Create("engine", ConfigurationFactory.ParseString(Quiet + hocon));
}
