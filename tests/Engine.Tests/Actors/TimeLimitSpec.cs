using System.Diagnostics;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>A time limit is on the time that the kernel has had an operation, and is kept for each file whatever
/// another one's disk does.</summary>
public sealed class TimeLimitSpec
{
    [Fact]
    public async Task Waiting_for_others_does_not_count()
    {
        using var slow = new SlowCalls(TimeSpan.FromMilliseconds(50));
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                await using var file = await scenario.Engine.OpenAsync(
                    scenario.PathOf("a.txt"), OpenMode.Write,
                    new OpenOptions { Coalesce = false, OperationTimeout = TimeSpan.FromSeconds(2) });
                var calls = Enumerable.Range(0, 100).Select(i => (i % 2 == 0
                    ? file.AppendAsync(new byte[70_000])
                    : file.WriteAsync(i, new byte[70_000])).AsTask());
                await Task.WhenAll(calls);
            },
            "actors.engine { shards = 1, backend.thread-pool.workers = 1 }",
            slow.Setup);
    }

    [SkippableTheory]
    [InlineData(BackendNames.ThreadPool)]
    [InlineData(BackendNames.Auto)]
    public async Task The_limit_is_kept_and_others_go_on(string backend)
    {
        using var calls = new HeldCalls();
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var limited = new OpenOptions { OperationTimeout = TimeSpan.FromMilliseconds(100) };
                var stuck = await scenario.Engine.OpenAsync(scenario.PathOf("a"), OpenMode.Write, limited);
                await using var other = await scenario.Engine.OpenAsync(scenario.PathOf("b"), OpenMode.Write, limited);
                calls.Holds = operation => operation is { Kind: IoKind.Write, Length: 5 };
                var held = stuck.AppendAsync("stuck"u8.ToArray()).AsTask();
                await other.AppendAsync("unharmed"u8.ToArray()).AsTask().WaitAsync(EngineScenario.Patience);
                var late = await Assert.ThrowsAsync<FileEngineException>(() => held.WaitAsync(EngineScenario.Patience));
                Assert.Equal((FailureReason.TimedOut, true), (late.Reason, late.IsUnfinished));
                await other.AppendAsync("still"u8.ToArray()[1..]).AsTask().WaitAsync(EngineScenario.Patience);
                calls.LetGo();
                late = await Assert.ThrowsAsync<FileEngineException>(async () => await stuck.DisposeAsync());
                Assert.Equal(FailureReason.TimedOut, late.Reason);
            },
            "actors.engine { shards = 1, backend.thread-pool.workers = 2 }",
            calls.SetupBelowInline);
    }

    [Fact]
    public async Task The_file_of_a_close_that_takes_too_long_is_not_waited_for()
    {
        using var calls = new HeldCalls { Holds = operation => operation.Kind == IoKind.Close };
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var file = await scenario.OpenAsync(
                    client, "a", OpenMode.Write, new OpenOptions { OperationTimeout = TimeSpan.FromMilliseconds(100) });
                await client.WatchAsync(file.Ref);
                file.Tell(new Close());
                await file.ExpectFailureAsync(FailureReason.TimedOut);
                await client.ExpectTerminatedAsync(file.Ref);
                Assert.Equal(1, calls.Held);
                calls.LetGo();
            },
            "actors.engine.shards = 1",
            calls.Setup);
    }

    /// <summary>Who writes a whole file has to know: until the kernel gives back the close, nobody can open it for
    /// writing.</summary>
    [SkippableTheory]
    [InlineData(null, false, FailureReason.TimedOut, 3)]
    [InlineData(null, true, FailureReason.TimedOut, 3)]
    [InlineData("/dev/full", false, FailureReason.NoSpace, 0)]
    [InlineData("/dev/full", true, FailureReason.NoSpace, 0)]
    public async Task A_whole_file_whose_close_takes_too_long_is_unfinished(
        string? device, bool isText, FailureReason reason, long bytesDone)
    {
        Skip.If(device is not null && !OperatingSystem.IsLinux(), "a device of Linux");
        using var calls = new HeldCalls { Holds = operation => operation.Kind == IoKind.Close };
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var path = device ?? scenario.PathOf("a");
                var failure = await Assert.ThrowsAsync<FileEngineException>(() => isText
                    ? scenario.Engine.WriteAllTextAsync(path, "abc")
                    : scenario.Engine.WriteAllBytesAsync(path, "abc"u8.ToArray()));
                Assert.Equal((reason, bytesDone, true), (failure.Reason, failure.BytesDone, failure.IsUnfinished));
                calls.LetGo();
            },
            "actors.engine { shards = 1, file.operation-timeout = 100ms }",
            calls.Setup);
    }

    /// <summary>The stream says of the bytes that it has gathered what became of them, also when the file cannot be closed
    /// as usual any more.</summary>
    [Fact]
    public async Task A_stream_whose_bytes_may_still_be_written_says_so_when_it_is_disposed_of()
    {
        using var calls = new HeldCalls { Holds = operation => operation.Kind == IoKind.Write };
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var path = scenario.Given("a", "content");
                var stream = await scenario.Engine.OpenStreamAsync(
                    path, OpenMode.ReadWrite, new FileEngineStreamOptions
                    {
                        File = new OpenOptions { OperationTimeout = TimeSpan.FromMilliseconds(100) },
                    });
                await stream.WriteAsync("C"u8.ToArray());
                var late = await Assert.ThrowsAsync<FileEngineException>(
                    () => stream.ReadAsync(new byte[10]).AsTask().WaitAsync(EngineScenario.Patience));
                Assert.Equal((FailureReason.TimedOut, false), (late.Reason, late.IsUnfinished));
                late = await Assert.ThrowsAsync<FileEngineException>(() => stream.DisposeAsync().AsTask());
                Assert.Equal((FailureReason.TimedOut, true), (late.Reason, late.IsUnfinished));
                calls.LetGo();
                await scenario.UntilNoFileIsOpenAsync();
                Assert.Equal("Content", scenario.ContentOf("a"));
            },
            "actors.engine.shards = 1",
            calls.Setup);
    }

    /// <summary>Of two failures, the write's and the close's, the first is told.</summary>
    [Fact]
    public async Task A_whole_file_whose_bytes_may_still_be_written_says_so()
    {
        using var calls = new HeldCalls { Holds = operation => operation.Kind == IoKind.Write };
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var late = await Assert.ThrowsAsync<FileEngineException>(
                    () => scenario.Engine.WriteAllBytesAsync(scenario.PathOf("a"), new byte[10])
                        .WaitAsync(EngineScenario.Patience));
                Assert.Equal((FailureReason.TimedOut, true, 0), (late.Reason, late.IsUnfinished, late.BytesDone));
                calls.LetGo();
                await scenario.UntilNoFileIsOpenAsync();
            },
            "actors.engine { shards = 1, file.operation-timeout = 100ms }",
            calls.Setup);
    }

    /// <summary>The shard's thread is with a client's actor, which takes longer than the limit; the kernel does
    /// not.</summary>
    [Fact]
    public async Task What_the_kernel_has_finished_is_in_time_however_late_the_shard_looks()
    {
        using var calls = new HeldCalls { Holds = operation => operation.Kind == IoKind.Write };
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var limit = TimeSpan.FromMilliseconds(200);
                var file = await scenario.OpenAsync(
                    scenario.Probe("client"), "a", OpenMode.Write, new OpenOptions { OperationTimeout = limit });
                using var mayGoOn = new ManualResetEventSlim();
                using var isBusy = new ManualResetEventSlim();
                var busy = scenario.System.ActorOf(
                    Props.Create(() => new BusyActor(isBusy, mayGoOn)).WithDispatcher(file.Opened.DispatcherId));
                file.Append("done");
                await scenario.UntilAsync(() => calls.Held == 1, "the write in the kernel");
                busy.Tell("be busy");
                await scenario.UntilAsync(() => isBusy.IsSet, "the shard's thread with the client's actor");
                calls.LetGo();
                await scenario.UntilAsync(() => calls.Held == 0, "the kernel done");
                var since = Stopwatch.GetTimestamp();
                await scenario.UntilAsync(() => Stopwatch.GetElapsedTime(since) > 2 * limit, "later than the limit");
                mayGoOn.Set();
                await file.ExpectWrittenAsync(1);
                await file.CloseAsync();
            },
            "actors.engine.shards = 1",
            calls.Setup);
    }

    private sealed class BusyActor : ReceiveActor
    {
        public BusyActor(ManualResetEventSlim isBusy, ManualResetEventSlim mayGoOn) => ReceiveAny(_ =>
        {
            isBusy.Set();
            mayGoOn.Wait();
        });
    }

    /// <summary>Without a limit a write is made on the shard's own thread. Files with a limit keep it all the
    /// same.</summary>
    [Fact]
    public async Task The_limit_is_kept_while_a_file_without_one_holds_the_shard()
    {
        using var calls = new HeldCalls();
        await EngineScenario.RunAsync(
            BackendNames.Auto,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var holder = await scenario.OpenAsync(client, "a", OpenMode.Write);
                var limited = await scenario.OpenAsync(
                    scenario.Probe("limited"), "b", OpenMode.Write,
                    new OpenOptions { OperationTimeout = TimeSpan.FromMilliseconds(100) });
                limited.Append("starts the clock");
                await limited.ExpectWrittenAsync(1);
                calls.Holds = operation => operation.Kind == IoKind.Write;
                holder.Append("held");
                await scenario.UntilAsync(() => calls.Held == 1, "the shard's thread in the kernel");
                limited.Append("late");
                var failed = await limited.ExpectFailureAsync(FailureReason.TimedOut);
                Assert.False(failed.IsUnfinished);
                calls.LetGo();
                await holder.ExpectWrittenAsync(1);
                await holder.CloseAsync();
                await limited.CloseAsync();
                Assert.Equal("starts the clock", scenario.ContentOf("b"));
            },
            "actors.engine.shards = 1",
            calls.Setup);
    }

    [SkippableTheory]
    [InlineData(BackendNames.Sync)]
    [InlineData(BackendNames.SyncThread)]
    public Task A_backend_that_cannot_keep_a_limit_refuses_it(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var failed = await scenario.FailToOpenAsync(
                scenario.Probe("client"), "a", OpenMode.Write,
                new OpenOptions { OperationTimeout = TimeSpan.FromSeconds(1) });
            Assert.Equal(FailureReason.NotSupported, failed.Reason);
            Assert.Contains("operation-timeout", failed.Cause, StringComparison.Ordinal);
            Assert.False(File.Exists(scenario.PathOf("a")));
        });
}
