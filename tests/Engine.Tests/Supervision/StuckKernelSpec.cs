using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Supervision;

/// <summary>A disk that does not come back, wherever a call is when the engine stops: each call ends with its outcome by
/// the stop's deadline, and what has to be left to the kernel is left.</summary>
public sealed class StuckKernelSpec
{
    private const string Soon = "actors.engine { shards = 1, coordinator.drain-timeout = 300ms }";

    /// <summary>A client's actor and a caller, a file whose write the kernel holds on the shard's own thread, and
    /// another file of the shard.</summary>
    [Theory]
    [InlineData(BackendNames.Auto)]
    [InlineData(BackendNames.Sync)]
    public async Task A_drain_ends_what_the_shards_thread_is_kept_from(string backend)
    {
        using var calls = new HeldCalls();
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var stuck = await scenario.OpenAsync(client, "stuck", OpenMode.Write);
                var other = await scenario.OpenAsync(scenario.Probe("other"), "other", OpenMode.Write);
                await using var called = await scenario.Engine.OpenAsync(scenario.PathOf("called"), OpenMode.Write);
                calls.Holds = operation => operation.Kind == IoKind.Write;
                stuck.Append("held", 1);
                await scenario.UntilAsync(() => calls.Held == 1, "the shard's thread in the kernel");
                stuck.Append("behind", 2);
                stuck.Tell(new Sync(SyncScope.Data, 3));
                other.Append("on the same shard", 4);
                var large = called.AppendAsync(new byte[100_000]).AsTask();

                var drained = await scenario.Engine.Coordinator.Ask<Drained>(
                    new Drain(TimeSpan.FromMilliseconds(200)), EngineScenario.Patience);

                Assert.All(drained.Files, file => Assert.False(file.Finished));
                Assert.Equal(3, drained.Files.Single(file => file.Path == scenario.PathOf("stuck")).Unacknowledged);
                for (var token = 1; token <= 3; token++)
                {
                    var failed = await stuck.ExpectFailureAsync(FailureReason.Closing);
                    Assert.Equal(failed.Command is Write { Token: 1 }, failed.IsUnfinished);
                }

                Assert.False((await other.ExpectFailureAsync(FailureReason.Closing)).IsUnfinished);
                var ended = await Assert.ThrowsAsync<FileEngineException>(() => large.WaitAsync(EngineScenario.Patience));
                Assert.Equal(FailureReason.Closing, ended.Reason);

                calls.LetGo();
                await scenario.UntilNoFileIsOpenAsync();
                Assert.Equal("held", scenario.ContentOf("stuck"));
                Assert.Equal("", scenario.ContentOf("other"));
            },
            Soon,
            calls.Setup);
    }

    /// <summary>The disk that keeps the shard's thread keeps whoever asks it something: the substitute asks
    /// nothing.</summary>
    [Fact]
    public async Task A_substitute_asks_the_kernel_nothing()
    {
        using var calls = new HeldCalls();
        using var questions = new HeldQuestions();
        await EngineScenario.RunAsync(
            BackendNames.Sync,
            async scenario =>
            {
                var stuck = await scenario.OpenAsync(scenario.Probe("client"), "stuck", OpenMode.Write);
                var other = await scenario.OpenAsync(scenario.Probe("other"), "other", OpenMode.Write);
                other.Append("written");
                await other.ExpectWrittenAsync(1);
                calls.Holds = operation => operation.Kind == IoKind.Write;
                stuck.Append("held");
                await scenario.UntilAsync(() => calls.Held == 1, "the shard's thread in the kernel");
                questions.Hold();

                // Before each of these the length is asked for.
                other.Tell(new Sync());
                other.Tell(new Truncate(3));
                other.Tell(new Close());
                await scenario.Engine.Coordinator.Ask<Drained>(
                    new Drain(TimeSpan.FromMilliseconds(200)), EngineScenario.Patience);
                await stuck.ExpectFailureAsync(FailureReason.Closing);
                for (var i = 0; i < 3; i++)
                {
                    await other.ExpectFailureAsync(FailureReason.Closing);
                }

                Assert.Equal(0, questions.Held);
                questions.LetGo();
                calls.LetGo();
                await scenario.UntilNoFileIsOpenAsync();
            },
            Soon,
            new SystemCallsSetup(SystemCalls.Platform with { Blocking = calls, Files = questions }));
    }

    /// <summary>Also of the file whose actor the kernel keeps in a question, and its other commands.</summary>
    [Fact]
    public async Task A_question_that_is_not_answered_ends_with_the_time_limit()
    {
        using var questions = new HeldQuestions();
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var limited = new OpenOptions { OperationTimeout = TimeSpan.FromMilliseconds(200) };
                var stuck = await scenario.OpenAsync(scenario.Probe("client"), "stuck", OpenMode.Write, limited);
                var other = await scenario.OpenAsync(scenario.Probe("other"), "other", OpenMode.Write);
                questions.Hold();
                stuck.Tell(new Sync());
                await scenario.UntilAsync(() => questions.Held == 1, "the shard's thread in a question");
                stuck.Append("behind it");
                await stuck.ExpectFailureAsync(FailureReason.TimedOut);
                await stuck.ExpectFailureAsync(FailureReason.TimedOut);
                questions.LetGo();
                await scenario.UntilAsync(() => scenario.Engine.Writers.Count == 1, "the stuck file closed");
                other.Append("goes on");
                await other.ExpectWrittenAsync(1);
                await other.CloseAsync();
            },
            "actors.engine.shards = 1",
            new SystemCallsSetup(SystemCalls.Platform with { Files = questions }));
    }

    /// <summary>What such a file has submitted and the driver has no room for is answered too, as not performed.</summary>
    [Theory]
    [InlineData(FailureReason.TimedOut)]
    [InlineData(FailureReason.Closing)]
    public async Task What_waits_for_room_is_answered_with_the_question_behind_it(FailureReason reason)
    {
        using var calls = new HeldCalls();
        using var questions = new HeldQuestions();
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var limited = new OpenOptions
                {
                    OperationTimeout = reason == FailureReason.TimedOut ? TimeSpan.FromMilliseconds(300) : null,
                };
                var first = await scenario.OpenAsync(scenario.Probe("first"), "first", OpenMode.Write);
                var stuck = await scenario.OpenAsync(scenario.Probe("client"), "stuck", OpenMode.Write, limited);
                calls.Holds = operation => operation.Kind == IoKind.Write;
                first.Append("takes the only room", 1);
                await scenario.UntilAsync(() => calls.Held == 1, "the write held");
                questions.Hold();
                stuck.WriteAt(100, "waits for room", 2);

                // Whether that write moves the end is asked.
                stuck.Append("after it", 3);
                await scenario.UntilAsync(() => questions.Held == 1, "the shard's thread in a question");
                if (reason == FailureReason.Closing)
                {
                    await scenario.Engine.Coordinator.Ask<Drained>(
                        new Drain(TimeSpan.FromMilliseconds(200)), EngineScenario.Patience);
                }

                for (var i = 0; i < 2; i++)
                {
                    Assert.False((await stuck.ExpectFailureAsync(reason)).IsUnfinished);
                }

                questions.LetGo();
                calls.LetGo();
                if (reason == FailureReason.TimedOut)
                {
                    await first.ExpectWrittenAsync(1);
                    await first.CloseAsync();
                }

                await scenario.UntilNoFileIsOpenAsync();
                Assert.Equal("", scenario.ContentOf("stuck"));
            },
            $"{Soon}\nactors.engine {{ backend.in-flight = 1, file.in-flight = 1 }}",
            new SystemCallsSetup(SystemCalls.Platform with { Blocking = calls, Files = questions }));
    }

    /// <summary>A limit each, one after the other, would be minutes.</summary>
    [Fact]
    public async Task What_waits_in_a_row_behind_a_kept_thread_ends_with_one_time_limit()
    {
        using var questions = new HeldQuestions();
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                const int Count = 400;
                var limited = new OpenOptions { Coalesce = false, OperationTimeout = TimeSpan.FromMilliseconds(300) };
                var stuck = await scenario.OpenAsync(scenario.Probe("client"), "stuck", OpenMode.Write);
                var other = await scenario.OpenAsync(scenario.Probe("other"), "other", OpenMode.Write, limited);
                questions.Hold();
                stuck.Tell(new Sync());
                await scenario.UntilAsync(() => questions.Held == 1, "the shard's thread in a question");
                for (var i = 0; i < Count; i++)
                {
                    other.Append("x");
                }

                async Task ExpectAllAsync()
                {
                    for (var i = 0; i < Count; i++)
                    {
                        Assert.False((await other.ExpectFailureAsync(FailureReason.TimedOut)).IsUnfinished);
                    }
                }

                await ExpectAllAsync().WaitAsync(EngineScenario.Patience);
                questions.LetGo();
                await stuck.ExpectAsync<Synced>();
                other.Append("goes on");
                await other.ExpectWrittenAsync(1);
                await other.CloseAsync();
                await stuck.CloseAsync();
                Assert.Equal("goes on", scenario.ContentOf("other"));
            },
            "actors.engine.shards = 1",
            new SystemCallsSetup(SystemCalls.Platform with { Files = questions }));
    }

    public static TheoryData<string, string> Stops
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var backend in new[] { BackendNames.Auto, BackendNames.ThreadPool, BackendNames.Sync })
            {
                foreach (var stop in new[] { "terminate", "shutdown", "terminate without drain" })
                {
                    data.Add(backend, stop);
                }
            }

            return data;
        }
    }

    /// <summary>Each place where a call may be: waiting for a descriptor, for credit, in the kernel, behind a sync, on a
    /// path.</summary>
    [Theory]
    [MemberData(nameof(Stops))]
    public async Task However_the_system_ends_every_call_ends(string backend, string stop)
    {
        using var calls = new HeldCalls();
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var engine = scenario.Engine;
                var file = await engine.OpenAsync(scenario.PathOf("a"), OpenMode.Write);
                var durable = await engine.OpenAsync(
                    scenario.PathOf("b"), OpenMode.Write, new OpenOptions { Durability = Durability.DataSync });
                calls.Holds = operation => operation.Kind is IoKind.Write or IoKind.DataSync;
                var pending = new List<Task>
                {
                    durable.AppendAsync(new byte[100_000]).AsTask(), file.AppendAsync(new byte[100_000]).AsTask(),
                };
                await scenario.UntilAsync(() => calls.Held > 0, "a call in the kernel");
                pending.AddRange(Enumerable.Range(0, 600).Select(i => file.AppendAsync(new byte[10]).AsTask()));
                pending.Add(file.SyncAsync().AsTask());
                pending.Add(file.StatAsync());
                pending.Add(engine.OpenAsync(scenario.PathOf("c"), OpenMode.Write).AsTask());
                pending.Add(file.DisposeAsync().AsTask());

                _ = stop == "shutdown"
                    ? CoordinatedShutdown.Get(scenario.System).Run(CoordinatedShutdown.ClrExitReason.Instance)
                    : scenario.System.Terminate();
                foreach (var call in pending)
                {
                    await call.WaitAsync(EngineScenario.Patience)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    Assert.True(call.IsCompleted, "a call did not end");
                }

                calls.LetGo();
                await scenario.StopAsync();
            },
            stop == "terminate without drain"
                ? $"{OneMore}\nakka.coordinated-shutdown.run-by-actor-system-terminate = off"
                : OneMore,
            calls.SetupBelowInline);
    }

    /// <summary>What the kernel has done of one call is not told of another one, which only waited.</summary>
    [Theory]
    [InlineData(BackendNames.ThreadPool)]
    [InlineData(BackendNames.Sync)]
    public async Task Of_a_call_that_waits_for_credit_nothing_is_done_when_the_engine_stops(string backend)
    {
        using var calls = new HeldCalls { Holds = operation => operation.Kind == IoKind.DataSync };
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var file = await scenario.Engine.OpenAsync(
                    scenario.PathOf("a"), OpenMode.Write, new OpenOptions { Durability = Durability.DataSync });
                var inKernel = file.AppendAsync("in the file"u8.ToArray()).AsTask();
                await scenario.UntilAsync(() => calls.Held == 1, "the sync in the kernel");
                var behind = file.AppendAsync("for the next sync"u8.ToArray()).AsTask();
                var waiting = file.AppendAsync("later"u8.ToArray()).AsTask();
                _ = scenario.System.Terminate();

                var first = await Assert.ThrowsAsync<FileEngineException>(() => inKernel.WaitAsync(EngineScenario.Patience));
                Assert.Equal((true, 11), (first.IsUnfinished, first.BytesDone));
                await Assert.ThrowsAsync<FileEngineException>(() => behind.WaitAsync(EngineScenario.Patience));
                var last = await Assert.ThrowsAsync<FileEngineException>(() => waiting.WaitAsync(EngineScenario.Patience));
                Assert.Equal((false, 0), (last.IsUnfinished, last.BytesDone));
                calls.LetGo();
                await scenario.StopAsync();
            },
            $"{Soon}\nactors.engine.file {{ credit-messages = 2, queue-messages = 4 }}",
            calls.Setup);
    }

    /// <summary>A file that does not answer keeps all workers; the calls of another file get some of their own.</summary>
    [Fact]
    public async Task Workers_that_are_all_stuck_hold_up_no_other_file()
    {
        using var calls = new HeldCalls();
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var stuck = await scenario.Engine.OpenAsync(scenario.Given("stuck", "content"), OpenMode.Read);
                calls.Holds = operation => operation.Kind == IoKind.Read;
                var reads = Enumerable.Range(0, 5).Select(i => stuck.ReadAsync(i, new byte[1]).AsTask()).ToArray();
                await scenario.UntilAsync(() => calls.Held == 1, "the only worker in the kernel");

                await scenario.Engine.WriteAllTextAsync(scenario.PathOf("other"), "other");

                Assert.Equal("other", scenario.ContentOf("other"));
                Assert.All(reads, read => Assert.False(read.IsCompleted));
                calls.LetGo();
                await Task.WhenAll(reads);
                await stuck.DisposeAsync();
            },
            "actors.engine { shards = 1, backend.thread-pool.workers = 1 }",
            calls.Setup);
    }

    /// <summary>The caller's own thread is in the kernel; other calls on the file, and those on other files, end.</summary>
    [Fact]
    public async Task A_caller_in_the_kernel_holds_up_nobody_but_itself()
    {
        using var calls = new HeldCalls();
        await EngineScenario.RunAsync(
            BackendNames.Auto,
            async scenario =>
            {
                var file = await scenario.Engine.OpenAsync(scenario.PathOf("a"), OpenMode.Write);
                var other = await scenario.Engine.OpenAsync(scenario.PathOf("b"), OpenMode.Write);
                calls.Holds = operation => operation is { Kind: IoKind.Write, Length: 4 };
                var held = Task.Run(async () => await file.AppendAsync("held"u8.ToArray()));
                await scenario.UntilAsync(() => calls.Held == 1, "the caller's thread in the kernel");
                var behind = file.AppendAsync("behind"u8.ToArray()).AsTask();
                await other.AppendAsync("other"u8.ToArray());
                Assert.False(behind.IsCompleted);

                var stopped = CoordinatedShutdown.Get(scenario.System).Run(CoordinatedShutdown.ClrExitReason.Instance);
                var ended = await Assert.ThrowsAsync<FileEngineException>(() => behind.WaitAsync(EngineScenario.Patience));
                Assert.Equal((FailureReason.Closing, false), (ended.Reason, ended.IsUnfinished));
                await stopped.WaitAsync(EngineScenario.Patience);
                Assert.False(held.IsCompleted);
                calls.LetGo();
                await held;
                await scenario.StopAsync();
                Assert.Equal("held", scenario.ContentOf("a"));
            },
            Soon,
            calls.Setup);
    }

    private const string OneMore = Soon + "\nactors.engine.coordinator.open-files-max = 2";
}
