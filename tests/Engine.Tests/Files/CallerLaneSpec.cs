using System.Text;
using Actors.Engine.Actors;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Files;
using Actors.Engine.Metrics;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Under auto, a call that finds nothing in its way is performed on its caller's thread; order, answers and
/// figures are the same as by way of the file's actor.</summary>
public sealed class CallerLaneSpec
{
    [Fact]
    public Task Small_appends_and_reads_are_done_where_they_are_called() =>
        EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
        {
            await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.ReadWrite);
            await scenario.CollectAsync(reset: true);
            var done = 0;
            for (var line = 0; line < 100; line++)
            {
                var append = file.AppendAsync(Encoding.UTF8.GetBytes($"line {line}\n"));
                done += append.IsCompletedSuccessfully ? 1 : 0;
                await append;
            }

            // After a slow write the next ones go to the shard, for a while.
            Assert.InRange(done, 50, 100);
            var start = new byte[7];
            Assert.Equal(7, await file.ReadAsync(0, start));
            Assert.Equal("line 0\n", Encoding.UTF8.GetString(start));

            var metrics = await scenario.CollectAsync();
            Assert.Equal(101, metrics.Operations);
            Assert.InRange(metrics.InlineOperations, done + (FileSystemOf.ReadsCached(scenario.Directory) ? 1 : 0), 101);
            Assert.Equal(790, metrics.BytesWritten);
            Assert.Equal(7, metrics.BytesRead);
        });

    [Fact]
    public Task Whichever_way_they_go_appends_land_in_the_order_of_the_calls() =>
        EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
        {
            var expected = new List<byte>();
            await using (var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write))
            {
                var random = new Random(7);
                var calls = new List<Task>();
                for (var i = 0; i < 500; i++)
                {
                    // Beyond 64 KiB by way of the actor, and whatever is called behind such a one too.
                    var data = new byte[random.Next(20) == 0 ? 70_000 : random.Next(1, 100)];
                    data.AsSpan().Fill((byte)i);
                    expected.AddRange(data);
                    calls.Add(file.AppendAsync(data).AsTask());
                    if (random.Next(10) == 0)
                    {
                        await Task.WhenAll(calls);
                    }
                }

                await Task.WhenAll(calls);
            }

            Assert.Equal(expected, await File.ReadAllBytesAsync(scenario.PathOf("a.txt")));
        });

    [Fact]
    public Task Truncation_moves_the_end_for_both() => EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
    {
        await using (var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write))
        {
            await file.AppendAsync("0123456789"u8.ToArray());
            Assert.Equal(4, await file.TruncateAsync(4));
            await file.AppendAsync("ab"u8.ToArray());
            await file.WriteAsync(8, "z"u8.ToArray());
            await file.AppendAsync("!"u8.ToArray());
            Assert.Equal(10, await file.SyncAsync());
        }

        Assert.Equal("0123ab\0\0z!", scenario.ContentOf("a.txt"));
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task A_named_backend_does_it_all(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
        Assert.False(file.AppendAsync("x"u8.ToArray()).IsFaulted);
        await file.SyncAsync();
        Assert.Equal(0, scenario.Engine.CallerMetrics.Take().Operations);
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    public Task Only_as_much_is_done_there_as_the_setting_says(int max, int expected) => EngineScenario.RunAsync(
        BackendNames.Auto,
        async scenario =>
        {
            await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
            foreach (var text in new[] { "a", "bc", "", "d" })
            {
                await file.AppendAsync(Text.Bytes(text));
            }

            Assert.Equal(expected, scenario.Engine.CallerMetrics.Take().Operations);
            await file.SyncAsync();
            Assert.Equal("abcd", scenario.ContentOf("a.txt"));
        },
        $"actors.engine.backend.auto.inline-transfer-max = {max}");

    [Fact]
    public async Task A_call_beside_a_transfer_there_is_made_once_that_has_ended()
    {
        using var calls = new HeldCalls { Holds = operation => operation.Kind is IoKind.Write or IoKind.Sync };
        await EngineScenario.RunAsync(
            BackendNames.Auto,
            async scenario =>
            {
                await using var file = await scenario.Engine.OpenAsync(
                    scenario.PathOf("a.txt"), OpenMode.Write, new OpenOptions { Shard = 0 });
                var held = Task.Run(() => file.AppendAsync("one"u8.ToArray()).AsTask());
                await scenario.UntilAsync(() => calls.Held == 1, "the transfer in the kernel");
                var sync = file.SyncAsync().AsTask();
                Assert.Equal(0, await scenario.OnShardAsync(0, shard => shard.Scheduler.InFlight));
                calls.LetGo();
                await held;
                Assert.Equal(3, await sync.WaitAsync(EngineScenario.Patience));
                Assert.Equal(1, scenario.Engine.CallerMetrics.Take().Operations);
            },
            "",
            calls.SetupBelowInline);
    }

    [SkippableFact]
    public Task Direct_transfers_are_none_to_do_there() => EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
    {
        FileSystemOf.SkipUnlessDirect(scenario.Directory);
        await using var file = await scenario.Engine.OpenAsync(
            scenario.PathOf("a.bin"), OpenMode.ReadWrite, new OpenOptions { Direct = true });
        var memory = PinnedMemory.Allocate(4096);
        await file.WriteAsync(0, memory);
        Assert.Equal(4096, await file.ReadAsync(0, memory));
        Assert.Equal(0, scenario.Engine.CallerMetrics.Take().KernelOperations);
    });

    [Fact]
    public Task A_drain_reports_what_was_done_past_the_actor() =>
        EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
        {
            scenario.Faults.Expect(message => message is Write);
            await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
            await file.AppendAsync("one"u8.ToArray());
            await file.AppendAsync("two"u8.ToArray());
            await file.SyncAsync();
            var drained = await scenario.Engine.Coordinator.Ask<Drained>(
                new Drain(EngineScenario.Patience), EngineScenario.Patience);

            Assert.Equal(3, Assert.Single(drained.Files).Acknowledged);
            var late = await Assert.ThrowsAsync<FileEngineException>(
                async () => await file.AppendAsync("three"u8.ToArray()));
            Assert.Equal(FailureReason.NotOpen, late.Reason);
        });

    [Theory]
    [InlineData(FailureReason.SyncFailed, false)]
    [InlineData(FailureReason.NoSpace, false)]
    [InlineData(FailureReason.InvalidArgument, true)]
    public Task After_a_failure_the_file_decides_what_may_still_be_done(FailureReason reason, bool goesOn) =>
        EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
        {
            var client = new FileClient(scenario.Engine, scenario.PathOf("a.txt"));
            await client.OpenAsync(OpenMode.Write, null, default);
            Assert.True(client.TryWriteHere("one"u8, Write.Append, out _));
            client.Tell(new CommandFailed(new Sync(), reason, "as if it had failed"));
            Assert.Equal(goesOn, client.TryWriteHere("two"u8, Write.Append, out _));
            client.CloseForgotten();
        });

    [Fact]
    public void A_write_that_fails_says_what_it_did_and_ends_the_lane()
    {
        var calls = new ScriptedCalls(new ManualClock());
        var metrics = new CallerMetrics(1);
        var lane = new CallerLane(
            OpenMode.Write, new CallerTransfers(
                new FileHandle(1), 64, new WriteBackoff(0), SystemCalls.Platform with { Blocking = calls }), metrics);
        calls.Results.Enqueue(3);
        calls.Results.Enqueue(-Errno.EIO);

        Assert.True(lane.TryWrite(new byte[10], Write.Append, out var done, out var errno));
        Assert.Equal((3, Errno.EIO), (done, errno));
        Assert.False(lane.TryWrite(new byte[10], Write.Append, out _, out _));
        Assert.Equal(0, lane.Acknowledged);
        var counted = metrics.Take();
        Assert.Equal((0, 1, 3), (counted.Operations, counted.FailuresInAll, counted.BytesWritten));
    }

    [Fact]
    public void A_lane_does_what_the_file_was_opened_for()
    {
        var transfers = new CallerTransfers(
            new FileHandle(1), 64, new WriteBackoff(0),
            SystemCalls.Platform with { Blocking = new ScriptedCalls(new ManualClock()) });
        var reader = new CallerLane(OpenMode.Read, transfers, new CallerMetrics(1));
        var writer = new CallerLane(OpenMode.Write, transfers, new CallerMetrics(1));
        Assert.False(reader.TryWrite(new byte[1], 0, out var done, out var errno));
        Assert.Equal((0L, 0), (done, errno));
        Assert.True(reader.TryRead(new byte[1], 0, out _));
        Assert.True(writer.TryWrite(new byte[1], 0, out _, out _));
        Assert.False(writer.TryRead(new byte[1], 0, out var read));
        Assert.Equal(0, read);
    }
}
