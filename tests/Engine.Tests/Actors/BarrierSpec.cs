using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Sync, Truncate, Allocate and Close: after everything before them, before everything after.</summary>
public sealed class BarrierSpec
{
    public static TheoryData<FileCommand, string> Barriers => new()
    {
        { new Sync(SyncScope.Data, 50), nameof(IoKind.DataSync) },
        { new Sync(SyncScope.All, 50), nameof(IoKind.Sync) },
        { new Truncate(3, 50), nameof(IoKind.Truncate) },
        { new Allocate(0, 4096, 50), nameof(IoKind.Allocate) },
    };

    [SkippableTheory]
    [MemberData(nameof(Barriers))]
    public async Task Waits_for_what_is_before_and_holds_back_what_is_behind(FileCommand barrier, string kind)
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            if (barrier is Allocate)
            {
                FileSystemOf.SkipUnlessAllocates(scenario.Directory);
            }

            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
            driver.Submitted.Clear();
            driver.Script = _ => Play.Hold;
            file.WriteAt(0, "before", 1);
            file.WriteAt(10, "before", 2);
            file.Tell(barrier);
            file.WriteAt(20, "after", 3);
            await scenario.UntilAsync(() => driver.HeldCount == 2, "both writes in the kernel");
            driver.ReleaseOldest();
            await file.ExpectWrittenAsync(1);
            await scenario.SettleAsync(file);
            Assert.Equal([IoKind.Write, IoKind.Write], driver.Submitted);

            driver.ReleaseOldest();
            await file.ExpectWrittenAsync(1);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the barrier in the kernel");
            await scenario.SettleAsync(file);
            Assert.Equal([IoKind.Write, IoKind.Write, Enum.Parse<IoKind>(kind)], driver.Submitted);

            driver.ReleaseAll();
            await client.ExpectMsgAsync<EngineEvent>(answer => Assert.IsNotType<CommandFailed>(answer));
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Each_is_answered_with_what_it_did(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        FileSystemOf.SkipUnlessAllocates(scenario.Directory);
        var client = scenario.Probe("client");
        var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
        file.Append("0123456789");
        file.Tell(new Sync(SyncScope.Data, 1));
        file.Tell(new Truncate(4, 2));
        file.Tell(new Allocate(0, 1 << 16, 3));
        file.Tell(new Sync(SyncScope.All, 4));

        await file.ExpectWrittenAsync(1);
        Assert.Equal(new Synced(1, 10), await file.ExpectAsync<Synced>());
        Assert.Equal(new Truncated(2, 4), await file.ExpectAsync<Truncated>());
        Assert.Equal(new Allocated(3), await file.ExpectAsync<Allocated>());
        Assert.Equal(new Synced(4, 4), await file.ExpectAsync<Synced>());
        Assert.Equal(new Closed(4), await file.CloseAsync());
        Assert.Equal("0123", scenario.ContentOf("a.txt"));
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Appends_after_a_truncate_continue_at_the_new_end(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
            file.Append("0123456789");
            file.Tell(new Truncate(4));
            file.Append("after");
            file.Tell(new Truncate(12));
            file.Append("end");

            await file.ExpectWrittenAsync(1);
            await file.ExpectAsync<Truncated>();
            await file.ExpectWrittenAsync(1);
            await file.ExpectAsync<Truncated>();
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("0123after\0\0\0end", scenario.ContentOf("a.txt"));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Arguments_out_of_range_are_refused_and_the_file_goes_on(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.ReadWrite);
            foreach (var command in new FileCommand[]
                     {
                         new Truncate(-1), new Allocate(-1, 10), new Allocate(0, 0), new Allocate(0, -5),
                         new Write(Text.Bytes("x"), -2), new Read(-1, new byte[1]),
                     })
            {
                file.Tell(command);
                await file.ExpectFailureAsync(FailureReason.InvalidArgument, command);
            }

            file.Append("works");
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            Assert.Equal("works", scenario.ContentOf("a.txt"));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Close_finishes_what_was_sent(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var client = scenario.Probe("client");
        var file = await scenario.OpenAsync(
            client, "a.txt", OpenMode.Write, new OpenOptions { Coalesce = false });
        for (var i = 0; i < 100; i++)
        {
            file.Append("0123456789");
        }

        file.Tell(new Close());
        await file.ExpectWrittenAsync(100);
        Assert.Equal(new Closed(1000), await file.ExpectAsync<Closed>());
        Assert.Equal(1000, new FileInfo(scenario.PathOf("a.txt")).Length);
    });

    [Fact]
    public async Task Commands_behind_a_close_are_refused_at_once_and_later_ones_find_nothing_open()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write);
            driver.Script = _ => Play.Hold;
            file.Append("slow");
            var late = new Write(Text.Bytes("late"));
            file.Tell(new Close());
            file.Tell(late);
            file.Tell(new Close());
            await file.ExpectFailureAsync(FailureReason.Closing, late);
            await file.ExpectFailureAsync(FailureReason.Closing);

            scenario.Faults.Expect(message => message is Sync);
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(1);
            await file.ExpectAsync<Closed>();
            client.Watch(file.Ref);
            await client.ExpectTerminatedAsync(file.Ref);
            var tooLate = new Sync();
            file.Tell(tooLate);
            await file.ExpectFailureAsync(FailureReason.NotOpen, tooLate);
            Assert.Equal("slow", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public async Task Abort_gives_up_what_is_not_in_the_kernel()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(
                client, "a.txt", OpenMode.Write, new OpenOptions { Coalesce = false });
            driver.Script = _ => Play.Hold;
            file.Append("in the kernel", 1);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the first write in the kernel");
            var waiting = new Write(Text.Bytes("waiting"), Write.Append, 2);
            file.Tell(waiting);
            file.Tell(new Abort());
            await file.ExpectFailureAsync(FailureReason.Closing, waiting);

            driver.ReleaseAll();
            Assert.Equal(new Written(1, 1, 13), await file.ExpectAsync<Written>());
            await file.ExpectAsync<Aborted>();
            Assert.Equal("in the kernel", scenario.ContentOf("a.txt"));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Wrong_modes_are_refused(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        scenario.Given("read.txt", "content");
        var client = scenario.Probe("client");
        var reader = await scenario.OpenAsync(client, "read.txt", OpenMode.Read);
        var writer = await scenario.OpenAsync(client, "written.txt", OpenMode.Write);
        var both = await scenario.OpenAsync(client, "both.txt", OpenMode.ReadWrite);
        await ExpectNotSupportedAsync(
            reader, new Write(Text.Bytes("x")), new Sync(), new Truncate(0), new Allocate(0, 1));
        await ExpectNotSupportedAsync(writer, new Read(0, new byte[1]), new Demand(1), new ReadAll());
        await ExpectNotSupportedAsync(both, new Demand(1), new ReadAll());

        await reader.CloseAsync();
        await writer.CloseAsync();
        await both.CloseAsync();
        Assert.Equal("content", scenario.ContentOf("read.txt"));
    });

    private static async Task ExpectNotSupportedAsync(ClientFile file, params FileCommand[] commands)
    {
        foreach (var command in commands)
        {
            file.Tell(command);
            await file.ExpectFailureAsync(FailureReason.NotSupported, command);
        }
    }
}
