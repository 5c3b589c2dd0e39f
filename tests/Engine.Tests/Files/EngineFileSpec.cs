using System.Runtime.CompilerServices;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>A file under many callers, cancelled calls, an engine that stops, and an owner that forgets it.</summary>
public sealed class EngineFileSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Positional_writes_of_many_callers_all_land(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            // More at once than the file has credits for.
            const int Blocks = 2000, Size = 512;
            var content = Text.Pattern(Blocks * Size);
            await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.bin"), OpenMode.ReadWrite);
            await Task.WhenAll(Enumerable.Range(0, Blocks).Reverse().Select(
                i => file.WriteAsync(i * Size, content.AsMemory(i * Size, Size)).AsTask()));
            Assert.Equal(content, await File.ReadAllBytesAsync(file.Path));
            var read = new byte[content.Length];
            var counts = await Task.WhenAll(Enumerable.Range(0, Blocks).Select(
                i => file.ReadAsync(i * Size, read.AsMemory(i * Size, Size)).AsTask()));
            Assert.All(counts, count => Assert.Equal(Size, count));
            Assert.Equal(content, read);
            Assert.Equal(0, await file.ReadAsync(content.Length, new byte[1]));
            Assert.Equal(content.Length, await file.SyncAsync());
            Assert.Equal(100, await file.TruncateAsync(100));
            Assert.Equal(100, new FileInfo(file.Path).Length);
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Appends_of_many_callers_land_whole_and_in_the_order_of_each(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            await using (var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write))
            {
                await Task.WhenAll(Enumerable.Range(0, 20).Select(caller => Task.Run(async () =>
                {
                    for (var i = 0; i < 100; i++)
                    {
                        await file.AppendAsync(Text.Bytes($"{caller} {i}\n"));
                    }
                })));
            }

            var lines = await File.ReadAllLinesAsync(scenario.PathOf("a.txt"));
            Assert.Equal(2000, lines.Length);
            foreach (var caller in lines.GroupBy(line => line.Split(' ')[0]))
            {
                Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{caller.Key} {i}"), caller);
            }
        });

    public static TheoryData<OpenMode, OpenOptions> OutOfRange { get; } = new()
    {
        { (OpenMode)99, new OpenOptions() },
        { OpenMode.Append, new OpenOptions { Durability = (Durability)99 } },
        { OpenMode.Append, new OpenOptions { Acknowledge = (AcknowledgeMode)99 } },
        { OpenMode.Append, new OpenOptions { OperationTimeout = TimeSpan.FromSeconds(-1) } },
        { OpenMode.Append, new OpenOptions { InFlight = 0 } },
        { OpenMode.Append, new OpenOptions { Shard = 1000 } },
        { OpenMode.Read, new OpenOptions { ChunkSize = 3 } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public Task A_mode_or_an_option_that_is_out_of_range_is_a_mistake_of_the_caller(OpenMode mode, OpenOptions options) =>
        EngineScenario.RunAsync("sync", async scenario =>
        {
            var path = scenario.PathOf("a.txt");
            await Assert.ThrowsAsync<ArgumentException>(() => scenario.Engine.OpenAsync(path, mode, options).AsTask());
            Assert.False(File.Exists(path));
            var client = scenario.Probe("client");
            scenario.Engine.Coordinator.Tell(new Open(path, mode, options), client);
            Assert.Equal(FailureReason.InvalidArgument, (await client.ExpectMsgAsync<CommandFailed>()).Reason);
            Assert.False(File.Exists(path));
        });

    [Fact]
    public Task A_scope_that_does_not_exist_is_a_mistake_of_the_caller() =>
        EngineScenario.RunAsync("sync", async scenario =>
        {
            await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => file.SyncAsync((SyncScope)99).AsTask());
        });

    [Fact]
    public async Task A_waiting_and_a_queued_call_are_taken_back_and_one_in_the_kernel_is_done()
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
                driver.Script = _ => Play.Hold;
                using var cancellation = new CancellationTokenSource();
                var inKernel = file.AppendAsync(Text.Bytes("a"), cancellation.Token).AsTask();
                await scenario.UntilAsync(() => driver.HeldCount == 1, "the first in the kernel");
                var queued = file.AppendAsync(Text.Bytes("b"), cancellation.Token).AsTask();
                var kept = file.AppendAsync(Text.Bytes("c")).AsTask();
                var waiting = file.AppendAsync(Text.Bytes("d"), cancellation.Token).AsTask();
                var last = file.AppendAsync(Text.Bytes("e")).AsTask();
                await cancellation.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
                var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
                Assert.Equal(cancellation.Token, e.CancellationToken);
                Assert.True(file.AppendAsync(Text.Bytes("f"), cancellation.Token).IsCanceled);
                Assert.False(inKernel.IsCompleted);
                driver.ReleaseAll();
                await Task.WhenAll(inKernel, kept, last);
                Assert.Equal("ace", scenario.ContentOf("a.txt"));
            },
            "actors.engine.file.credit-messages = 3");
    }

    [Fact]
    public async Task A_call_in_the_kernel_is_cancelled_where_the_driver_can()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            await using var file = await scenario.Engine.OpenAsync(scenario.Given("a.txt", "text"), OpenMode.Read);
            driver.Script = _ => Play.Hold;
            using var cancellation = new CancellationTokenSource();
            var read = file.ReadAsync(0, new byte[4], cancellation.Token).AsTask();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the read in the kernel");
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
            driver.ReleaseAll();
            Assert.Equal(4, await file.ReadAsync(0, new byte[10]));
        });
    }

    [Fact]
    public async Task An_open_that_is_given_up_leaves_nothing_open()
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            driver.Script = _ => Play.Hold;
            using var cancellation = new CancellationTokenSource();
            var open = scenario.Engine.OpenAsync(
                scenario.PathOf("a.txt"), OpenMode.Write, null, cancellation.Token).AsTask();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the open in the kernel");
            await cancellation.CancelAsync();
            driver.ReleaseAll();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open);
            await scenario.UntilAsync(() => OpenDescriptors.Below(scenario.Directory).Count == 0
                && scenario.Engine.Writers.IsEmpty && File.Exists(scenario.PathOf("a.txt")), "opened and closed again");
            await (await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write)).DisposeAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Opens_that_are_given_up_at_any_moment_leave_nothing_open(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var cancellation = new CancellationTokenSource();
                var open = scenario.Engine.OpenAsync(
                    scenario.PathOf($"{i}"), OpenMode.Write, null, cancellation.Token).AsTask();
                _ = Task.Run(cancellation.Cancel);
                if (await Record.ExceptionAsync(() => open) is { } e)
                {
                    Assert.IsAssignableFrom<OperationCanceledException>(e);
                }
                else
                {
                    await (await open).DisposeAsync();
                }
            }
        });

    [Fact]
    public async Task Disposed_of_with_writes_under_way_it_finishes_them()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
                driver.Script = _ => Play.Hold;
                var writes = Enumerable.Range(0, 10)
                    .Select(i => file.AppendAsync(Text.Bytes($"{i}")).AsTask()).ToArray();
                var disposed = file.DisposeAsync().AsTask();
                await scenario.UntilAsync(() => driver.HeldCount == 1, "the first in the kernel");
                Assert.False(disposed.IsCompleted);
                driver.ReleaseAll();
                await Task.WhenAll(writes);
                await disposed;
                Assert.Equal("0123456789", scenario.ContentOf("a.txt"));
                await file.DisposeAsync();
                await Assert.ThrowsAsync<ObjectDisposedException>(async () => await file.AppendAsync(new byte[1]));
                await Assert.ThrowsAsync<ObjectDisposedException>(async () => await file.ReadAsync(0, new byte[1]));
                await Assert.ThrowsAsync<ObjectDisposedException>(async () => await file.SyncAsync());
            },
            "actors.engine.file.credit-messages = 3");
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task An_engine_that_stops_ends_every_call(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
    {
        var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.ReadWrite);
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                await file.AppendAsync(Text.Bytes("0123456789"));
                await file.ReadAsync(0, new byte[10]);
            }
        })).ToArray();
        await scenario.UntilAsync(() => new FileInfo(scenario.PathOf("a.txt")).Length > 1000, "at work");
        await scenario.StopAsync();
        foreach (var caller in callers)
        {
            var e = await Assert.ThrowsAsync<FileEngineException>(() => caller.WaitAsync(EngineScenario.Patience));
            Assert.Contains(e.Reason, new[] { FailureReason.Closing, FailureReason.NotOpen });
        }

        await Assert.ThrowsAsync<FileEngineException>(async () => await file.AppendAsync(new byte[1]));
        await file.DisposeAsync();
        var late = await Assert.ThrowsAsync<FileEngineException>(
            async () => await scenario.Engine.OpenAsync(scenario.PathOf("b.txt"), OpenMode.Write));
        Assert.Equal(FailureReason.Closing, late.Reason);
        Assert.Equal(0, new FileInfo(scenario.PathOf("a.txt")).Length % 10);
    });

    [Fact]
    public async Task A_call_in_the_kernel_when_the_engine_stops_is_told()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
            var write = file.AppendAsync(Text.Bytes("text")).AsTask();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the write in the kernel");
            var stopped = scenario.StopAsync();
            var failure = await Assert.ThrowsAsync<FileEngineException>(() => write.WaitAsync(EngineScenario.Patience));
            Assert.Equal(FailureReason.Closing, failure.Reason);
            driver.ReleaseAll();
            await stopped;
            await file.DisposeAsync();
        });
    }

    [Fact]
    public Task A_call_asked_for_its_result_too_early_goes_on() => EngineScenario.RunAsync("sync", async scenario =>
    {
        await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
        for (var i = 0; i < 100; i++)
        {
            var append = file.AppendAsync(Text.Bytes("a"));
            try
            {
                append.GetAwaiter().GetResult();
            }
            catch (InvalidOperationException)
            {
                await append;
            }
        }

        Assert.Equal(new string('a', 100), scenario.ContentOf("a.txt"));
    });

    [Fact]
    public Task Arguments_and_modes_are_checked() => EngineScenario.RunAsync("sync", async scenario =>
    {
        await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await file.WriteAsync(-1, new byte[1]));
        var failure = await Assert.ThrowsAsync<FileEngineException>(async () => await file.TruncateAsync(-1));
        Assert.Equal(FailureReason.InvalidArgument, failure.Reason);
        failure = await Assert.ThrowsAsync<FileEngineException>(async () => await file.ReadAsync(0, new byte[1]));
        Assert.Equal(FailureReason.NotSupported, failure.Reason);
        failure = await Assert.ThrowsAsync<FileEngineException>(
            async () => await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.CreateNew));
        Assert.Equal(FailureReason.AlreadyExists, failure.Reason);
        await file.AppendAsync(default);
        await file.WriteAsync(0, default);
    });

    [Fact]
    public Task The_collector_closes_a_forgotten_file() => EngineScenario.RunAsync("sync", async scenario =>
    {
        await ForgetAsync(scenario);
        await scenario.UntilAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return OpenDescriptors.Below(scenario.Directory).Count == 0;
            },
            "the file closed");
        Assert.Equal("text", scenario.ContentOf("a.txt"));
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task ForgetAsync(EngineScenario scenario)
    {
        var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
        await file.AppendAsync(Text.Bytes("text"));
        Assert.Single(OpenDescriptors.Below(scenario.Directory));
        GC.KeepAlive(file);
    }
}
