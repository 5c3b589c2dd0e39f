using System.Diagnostics;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Opening: what each mode does to what is there, who may not, and where the file lives then.</summary>
public sealed class OpenSpec
{
    private static readonly bool IsRoot = Environment.UserName == "root";

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Each_mode_treats_what_is_there_in_its_own_way(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            scenario.Given("read.txt", "content");
            scenario.Given("write.txt", "content");
            scenario.Given("append.txt", "content");
            scenario.Given("both.txt", "content");
            Assert.Equal(7, await OpenedLengthAsync(scenario, "read.txt", OpenMode.Read));
            Assert.Equal(0, await OpenedLengthAsync(scenario, "write.txt", OpenMode.Write));
            Assert.Equal(7, await OpenedLengthAsync(scenario, "append.txt", OpenMode.Append));
            Assert.Equal(7, await OpenedLengthAsync(scenario, "both.txt", OpenMode.ReadWrite));
            Assert.Equal(0, await OpenedLengthAsync(scenario, "new.txt", OpenMode.CreateNew));

            scenario.Given("short.txt", "1");
            Assert.Equal(0, await OpenedLengthAsync(scenario, "short.txt", OpenMode.Write));
            Assert.Empty(scenario.ContentOf("short.txt"));

            Assert.Equal(
                ["content", "", "content", "content", ""],
                new[] { "read.txt", "write.txt", "append.txt", "both.txt", "new.txt" }.Select(scenario.ContentOf));
        });

    [Fact]
    public async Task An_empty_file_is_not_emptied()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Given("a.txt");
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write);
            Assert.Equal([IoKind.Open], driver.Submitted);
            await file.CloseAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Modes_that_create_do(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        foreach (var mode in new[] { OpenMode.Write, OpenMode.Append, OpenMode.CreateNew, OpenMode.ReadWrite })
        {
            Assert.Equal(0, await OpenedLengthAsync(scenario, $"{mode}.txt", mode));
            Assert.True(File.Exists(scenario.PathOf($"{mode}.txt")));
        }
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Opened_tells_the_client_what_it_needs(string backend) =>
        EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var path = scenario.PathOf("a.txt");
                scenario.Engine.Coordinator.Tell(
                    new Open(path, OpenMode.Write, new OpenOptions { Shard = 1 }), client);
                var opened = await client.ExpectMsgAsync<Opened>();

                Assert.Equal(
                    new Opened(path, OpenMode.Write, 0, 32, 8192, 1, scenario.Engine.DispatcherId(1), backend), opened);
                await new ClientFile(client.LastSender, client, opened).CloseAsync();
            },
            "actors.engine.file { credit-messages = 32, credit-bytes = 8KiB }");

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    [Trait("Needs", "permissions")]
    public Task Permission_bits_are_those_of_the_command(string backend)
    {
        Skip.If(OperatingSystem.IsWindows(), "there are no permission bits");
        return EngineScenario.RunAsync(backend, async scenario =>
        {
            var options = new OpenOptions { CreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Write, options);
            await file.CloseAsync();
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(options.CreateMode, File.GetUnixFileMode(scenario.PathOf("a.txt")));
            }
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task What_cannot_be_opened_is_answered_with_the_reason(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var client = scenario.Probe("client");
            scenario.Given("there.txt", "content");
            Directory.CreateDirectory(scenario.PathOf("directory"));
            var missing = await scenario.FailToOpenAsync(client, "missing.txt", OpenMode.Read);
            Assert.Equal(FailureReason.NotFound, missing.Reason);
            Assert.Contains(scenario.PathOf("missing.txt"), missing.Cause, StringComparison.Ordinal);

            await ExpectReasonAsync(scenario, "no/such/directory.txt", OpenMode.Write, FailureReason.NotFound);
            await ExpectReasonAsync(scenario, "there.txt/below", OpenMode.Write, FailureReason.NotFound);
            await ExpectReasonAsync(scenario, "there.txt", OpenMode.CreateNew, FailureReason.AlreadyExists);
            await ExpectReasonAsync(scenario, "directory", OpenMode.Write, FailureReason.NotARegularFile);
            await ExpectReasonAsync(scenario, "directory", OpenMode.Read, FailureReason.NotARegularFile);
            await ExpectReasonAsync(scenario, new string('x', 300), OpenMode.Write, FailureReason.InvalidArgument);
            Assert.Equal("content", scenario.ContentOf("there.txt"));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    [Trait("Needs", "pipes")]
    public Task A_pipe_is_refused_and_nobody_waits_for_its_other_end(string backend)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "named pipes are made by mkfifo");
        return EngineScenario.RunAsync(backend, async scenario =>
        {
            using (var mkfifo = Process.Start("mkfifo", scenario.PathOf("pipe")))
            {
                await mkfifo.WaitForExitAsync();
            }

            foreach (var mode in new[] { OpenMode.Read, OpenMode.Write, OpenMode.Append, OpenMode.ReadWrite })
            {
                await ExpectReasonAsync(scenario, "pipe", mode, FailureReason.NotARegularFile);
            }

            await ExpectReasonAsync(scenario, "pipe", OpenMode.CreateNew, FailureReason.AlreadyExists);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Permissions_are_the_systems(string backend)
    {
        Skip.If(IsRoot, "root may do everything");
        Skip.If(OperatingSystem.IsWindows(), "there are no permission bits");
        return EngineScenario.RunAsync(backend, async scenario =>
        {
            var path = scenario.Given("mine.txt", "content");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.None);
            }

            await ExpectReasonAsync(scenario, "mine.txt", OpenMode.Read, FailureReason.AccessDenied);
            await ExpectReasonAsync(scenario, "mine.txt", OpenMode.Write, FailureReason.AccessDenied);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    [Trait("Needs", "links")]
    public Task A_second_writer_is_refused_whatever_path_it_comes_by(string backend)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the hard link is made by ln");
        return EngineScenario.RunAsync(backend, async scenario =>
        {
            scenario.Given("a.txt", "content");
            var first = await scenario.OpenAsync(scenario.Probe("first"), "a.txt", OpenMode.Append);
            using (var ln = Process.Start("ln", [scenario.PathOf("a.txt"), scenario.PathOf("hard.txt")]))
            {
                await ln.WaitForExitAsync();
            }

            File.CreateSymbolicLink(scenario.PathOf("soft.txt"), scenario.PathOf("a.txt"));
            Directory.CreateDirectory(scenario.PathOf("below"));
            foreach (var name in new[] { "a.txt", "hard.txt", "soft.txt", "below/../a.txt" })
            {
                await ExpectReasonAsync(scenario, name, OpenMode.Write, FailureReason.AlreadyOpen);
                await ExpectReasonAsync(scenario, name, OpenMode.ReadWrite, FailureReason.AlreadyOpen);
            }

            // The refused writer has not truncated it; readers may come; and after the close another writer.
            Assert.Equal("content", scenario.ContentOf("a.txt"));
            Assert.Equal(7, await OpenedLengthAsync(scenario, "hard.txt", OpenMode.Read));
            await first.CloseAsync();
            Assert.Equal(7, await OpenedLengthAsync(scenario, "hard.txt", OpenMode.Append));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_lock_held_elsewhere_refuses_who_asks_for_it(string backend)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "flock is a Linux call here");
        return EngineScenario.RunAsync(backend, async scenario =>
        {
            var path = scenario.Given("a.txt", "content");
            var locked = new OpenOptions { AdvisoryLock = true };
            using (var other = File.OpenHandle(path, share: FileShare.ReadWrite))
            {
                Assert.Equal(0, TryLock(other));
                var failed = await scenario.FailToOpenAsync(
                    scenario.Probe("client"), "a.txt", OpenMode.Write, locked);
                Assert.Equal(FailureReason.Locked, failed.Reason);
                Assert.Equal(7, await OpenedLengthAsync(scenario, "a.txt", OpenMode.Append));
            }

            // The runtime takes a shared flock on what it opens, and so finds the engine's exclusive one.
            var file = await scenario.OpenAsync(scenario.Probe("holder"), "a.txt", OpenMode.Append, locked);
            Assert.Throws<IOException>(() => File.OpenHandle(path));
            await file.CloseAsync();
            File.OpenHandle(path).Dispose();
            Assert.Equal("content", scenario.ContentOf("a.txt"));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Senseless_options_are_refused(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var client = scenario.Probe("client");
        foreach (var options in new OpenOptions[]
                 {
                     new() { Shard = 2 }, new() { Shard = -1 }, new() { ChunkSize = 5000 }, new() { ChunkSize = 2048 },
                     new() { ChunkSize = 32 << 20 }, new() { InFlight = 0 },
                 })
        {
            var failed = await scenario.FailToOpenAsync(client, "a.txt", OpenMode.Write, options);
            Assert.Equal(FailureReason.InvalidArgument, failed.Reason);
        }

        foreach (var path in new[] { "", "nul\0character" })
        {
            scenario.Engine.Coordinator.Tell(new Open(path, OpenMode.Write), client);
            Assert.Equal(FailureReason.InvalidArgument, (await client.ExpectMsgAsync<CommandFailed>()).Reason);
        }

        Assert.False(File.Exists(scenario.PathOf("a.txt")));
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_file_lives_on_the_shard_that_was_asked_for(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var client = scenario.Probe("client");
            for (var i = 0; i < 10; i++)
            {
                var shard = i % 2;
                var file = await scenario.OpenAsync(
                    client, $"{i}.txt", OpenMode.Write, new OpenOptions { Shard = shard });
                Assert.Equal(shard, file.Opened.Shard);
                Assert.Equal(scenario.Engine.DispatcherId(shard), file.Opened.DispatcherId);
                Assert.StartsWith($"/system/file-engine/shard-{shard}/", file.Ref.Path.ToStringWithoutAddress());
                await file.CloseAsync();
            }
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Files_go_to_the_shards_in_runs(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var client = scenario.Probe("client");
            var files = new List<ClientFile>();
            for (var i = 0; i < 12; i++)
            {
                files.Add(await scenario.OpenAsync(client, $"{i}.txt", OpenMode.Write));
            }

            var shards = files.Select(file => file.Opened.Shard).ToArray();
            Assert.All(shards.Chunk(3), run => Assert.Single(run.Distinct()));
            Assert.Equal(6, shards.Count(shard => shard == 0));
            foreach (var file in files)
            {
                await file.CloseAsync();
            }
        },
        "actors.engine.coordinator.placement-run = 3");

    private static int TryLock(Microsoft.Win32.SafeHandles.SafeFileHandle file) =>
        OperatingSystem.IsLinux() ? LinuxFiles.TryLock((int)file.DangerousGetHandle()) : 0;

    private static async Task<long> OpenedLengthAsync(EngineScenario scenario, string name, OpenMode mode)
    {
        var file = await scenario.OpenAsync(scenario.Probe(Role(name, mode)), name, mode);
        await file.CloseAsync();
        return file.Opened.Length;
    }

    private static async Task ExpectReasonAsync(
        EngineScenario scenario, string name, OpenMode mode, FailureReason reason)
    {
        var failed = await scenario.FailToOpenAsync(scenario.Probe(Role(name, mode)), name, mode);
        Assert.True(reason == failed.Reason, $"{mode} {name}: {failed.Reason} {failed.Cause}");
    }

    private static string Role(string name, OpenMode mode) =>
        $"{mode}-{Guid.NewGuid():N}-{new string([.. name.Where(char.IsLetter).Take(20)])}";
}
