using System.Collections.Concurrent;
using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Actors.Engine.Metrics;
using Actors.Engine.Scheduling;
using Actors.Engine.Shards;
using Actors.Engine.Tests.Scenario;
using Akka.Configuration;
using Xunit;

namespace Actors.Engine.Tests.Shards;

/// <summary>The loop alone: no wake-up is lost, no work is lost, and it ends when it is told to.</summary>
public sealed class EventLoopSpec
{
    private readonly ConcurrentQueue<Exception> _errors = new();

    [SkippableTheory]
    [InlineData("sync", 0)]
    [InlineData("sync", 20)]
    [InlineData("io-uring", 0)]
    [InlineData("io-uring", 20)]
    public async Task Two_loops_that_fall_asleep_in_between_wake_each_other_every_time(string backend, int spinMicros)
    {
        Backends.SkipUnlessAvailable(backend);
        var spin = TimeSpan.FromMicroseconds(spinMicros);
        var left = Create(backend, "left", spin);
        var right = Create(backend, "right", spin);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rounds = 0;
        ShardWork? ping = null;
        var pong = new ShardWork(() => left.Execute(ping!));
        ping = new ShardWork(() =>
        {
            if (++rounds == 5000)
            {
                done.SetResult();
            }
            else
            {
                // Sometimes the other has long been asleep, sometimes it is just lying down.
                Thread.SpinWait(rounds % 97 * 3);
                right.Execute(pong);
            }
        });
        left.Execute(ping);
        await done.Task.WaitAsync(EngineScenario.Patience);
        Stop(left, right);
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public async Task A_loop_with_nothing_to_do_stays_asleep(string backend)
    {
        Backends.SkipUnlessAvailable(backend);
        var settings = EngineSettings.Create(Config.Empty);
        CountingDriver? driver = null;
        var loop = new EventLoop(
            "loop",
            () => new IoScheduler(
                () => driver = new CountingDriver(DriverFactory.Create(backend, settings)), 16, new ShardMetrics(1),
                new RecordingWatch()),
            TimeSpan.Zero, _errors.Enqueue);
        for (var i = 0; i < 1000; i++)
        {
            await OnLoopAsync(loop, () => true);
        }

        // A wait for each piece of work; here and there one that a late wake-up cuts short.
        Assert.InRange(driver!.Waits, 0, 4000);
        Stop(loop);
    }

    [SkippableTheory]
    [InlineData("sync")]
    [InlineData("io-uring")]
    public async Task Work_from_many_threads_is_done_once_each_and_in_each_threads_order(string backend)
    {
        Backends.SkipUnlessAvailable(backend);
        var loop = Create(backend, "loop", TimeSpan.Zero);
        var done = new ConcurrentQueue<(int Thread, int Number)>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var number = i;
                loop.Execute(new ShardWork(() => done.Enqueue((thread, number))));
                Thread.SpinWait(i % 50);
            }
        })));
        await OnLoopAsync(loop, () => true);
        Assert.Equal(8000, done.Count);
        foreach (var thread in done.GroupBy(entry => entry.Thread))
        {
            Assert.Equal(Enumerable.Range(0, 2000), thread.Select(entry => entry.Number));
        }

        Stop(loop);
    }

    [Fact]
    public async Task Work_that_throws_is_reported_and_the_rest_goes_on()
    {
        var loop = Create("sync", "loop", TimeSpan.Zero);
        for (var i = 0; i < 10; i++)
        {
            loop.Execute(new ShardWork(() => throw new InvalidDataException("a defect")));
        }

        Assert.True(await OnLoopAsync(loop, () => EventLoop.Current == loop));
        Assert.Equal(10, _errors.Count);
        Assert.All(_errors, error => Assert.IsType<InvalidDataException>(error));
        Stop(loop);
    }

    [Fact]
    public async Task What_throws_in_every_turn_is_reported_and_the_work_is_done()
    {
        var turns = 0;
        var loop = new EventLoop(
            "loop", () => new IoScheduler(() => new ScriptedDriver(), 16, new ShardMetrics(1), new RecordingWatch()),
            TimeSpan.Zero, _errors.Enqueue, _ => throw new InvalidDataException($"turn {++turns}"));
        for (var i = 0; i < 10; i++)
        {
            Assert.True(await OnLoopAsync(loop, () => EventLoop.Current == loop));
        }

        Stop(loop);
        Assert.InRange(_errors.Count, 10, turns);
    }

    [Fact]
    public async Task Work_from_its_own_thread_is_done_after_what_was_queued_before()
    {
        var loop = Create("sync", "loop", TimeSpan.Zero);
        var order = new List<int>();
        await OnLoopAsync(loop, () =>
        {
            for (var i = 0; i < 5; i++)
            {
                var number = i;
                loop.Execute(new ShardWork(() => order.Add(number)));
            }

            order.Add(-1);
            return true;
        });
        await OnLoopAsync(loop, () => true);
        Assert.Equal([-1, 0, 1, 2, 3, 4], order);
        Stop(loop);
    }

    [Fact]
    public async Task A_stop_ends_the_thread_and_its_driver_asleep_or_not()
    {
        for (var round = 0; round < 50; round++)
        {
            var driver = new ScriptedDriver();
            var loop = Create(driver, "loop", TimeSpan.FromMicroseconds(round % 3 * 10));
            await loop.Start();
            if (round % 2 == 0)
            {
                await OnLoopAsync(loop, () => true);
            }

            Stop(loop);
            Assert.True(driver.IsDisposed);
        }
    }

    [Fact]
    public async Task A_stopping_loop_waits_for_what_is_in_flight()
    {
        var driver = new ScriptedDriver { Script = _ => Play.Hold };
        var loop = Create(driver, "loop", TimeSpan.Zero);
        var owner = new Owner();
        var pair = new QueuePair(owner);
        await OnLoopAsync(loop, () =>
        {
            pair.Submit(new IoOperation { Kind = IoKind.Close });
            loop.Scheduler.Announce(pair);
            return true;
        });
        loop.RequestStop();
        Assert.False(loop.Join(TimeSpan.Zero));
        driver.ReleaseOldest(0);
        Assert.True(loop.Join(EngineScenario.Patience));
        Assert.Equal(1, owner.Notices);
    }

    /// <summary>Handed back while the loop pumps, in a turn that delivers nothing: no reason to sleep.</summary>
    [Fact]
    public async Task Work_that_a_retried_inline_operation_makes_is_done()
    {
        var tries = 0;
        var driver = new ScriptedDriver { Script = _ => ++tries < 3 ? Play.Busy : Play.PerformInline, Result = _ => 0 };
        var loop = Create(driver, "loop", TimeSpan.Zero);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pair = new QueuePair(new Owner(() => loop.Execute(new ShardWork(done.SetResult))));
        using var handedOver = new ManualResetEventSlim();
        loop.Execute(new ShardWork(() =>
        {
            // Or the wake-up that belongs to this work might come late and help.
            handedOver.Wait();
            pair.Submit(new IoOperation { Kind = IoKind.Close });
            loop.Scheduler.Announce(pair);
        }));
        handedOver.Set();
        await done.Task.WaitAsync(EngineScenario.Patience);
        Stop(loop);
    }

    /// <summary>At the last moment before the loop lies down, and while it sleeps.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Work_from_another_thread_is_not_slept_over(bool asleep)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EventLoop? loop = null;
        var isSent = 0;
        void SendOnce()
        {
            if (Interlocked.Exchange(ref isSent, 1) == 0)
            {
                var sender = new Thread(() => loop!.Execute(new ShardWork(done.SetResult)));
                sender.Start();
                sender.Join();
            }
        }

        // With an operation in flight a loop does not look around before it sleeps.
        var held = new ScriptedDriver { Script = _ => Play.Hold };
        var driver = new CountingDriver(held) { Waiting = asleep ? SendOnce : () => { } };
        loop = new EventLoop(
            "loop", () => new IoScheduler(() => driver, 16, new ShardMetrics(1), new RecordingWatch()), TimeSpan.Zero,
            _errors.Enqueue,
            worked =>
            {
                if (!worked && !asleep && loop!.Scheduler.InFlight > 0)
                {
                    SendOnce();
                }

                return -1;
            });
        await loop.Start();
        if (!asleep)
        {
            loop.Execute(new ShardWork(() =>
            {
                var pair = new QueuePair(new Owner());
                pair.Submit(new IoOperation { Kind = IoKind.DataSync });
                loop.Scheduler.Announce(pair);
            }));
        }

        await done.Task.WaitAsync(EngineScenario.Patience);
        if (!asleep)
        {
            held.ReleaseOldest(-Errno.EIO);
        }

        Stop(loop);
    }

    [Fact]
    public async Task A_driver_that_cannot_be_made_fails_the_start()
    {
        var loop = new EventLoop(
            "loop", () => throw new DriverUnavailableException("No ring.", "Use another."), TimeSpan.Zero,
            _errors.Enqueue);
        await Assert.ThrowsAsync<DriverUnavailableException>(loop.Start);
        Assert.True(loop.Join(EngineScenario.Patience));
    }

    [Fact]
    public void A_loop_that_never_started_stops_at_once()
    {
        var loop = Create("sync", "loop", TimeSpan.Zero);
        loop.RequestStop();
        Assert.True(loop.Join(TimeSpan.Zero));
        Assert.False(loop.IsStarted);
    }

    private static async Task<T> OnLoopAsync<T>(EventLoop loop, Func<T> read)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Execute(new ShardWork(() => done.SetResult(read())));
        return await done.Task.WaitAsync(EngineScenario.Patience);
    }

    private static void Stop(params EventLoop[] loops)
    {
        foreach (var loop in loops)
        {
            loop.RequestStop();
        }

        Assert.All(loops, loop => Assert.True(loop.Join(EngineScenario.Patience)));
    }

    private EventLoop Create(string backend, string name, TimeSpan spin)
    {
        var settings = EngineSettings.Create(Config.Empty);
        return new EventLoop(
            name,
            () => new IoScheduler(
                () => DriverFactory.Create(backend, settings), 16, new ShardMetrics(1), new RecordingWatch()),
            spin, _errors.Enqueue);
    }

    private EventLoop Create(IDriver driver, string name, TimeSpan spin) =>
        new(
            name, () => new IoScheduler(() => driver, 16, new ShardMetrics(1), new RecordingWatch()), spin,
            _errors.Enqueue);

    /// <summary>A real driver, and how often its thread went to sleep.</summary>
    private sealed class CountingDriver(IDriver driver) : IDriver
    {
        private int _waits;

        public int Waits => Volatile.Read(ref _waits);

        /// <summary>Called at the begin of each wait.</summary>
        public Action Waiting { get; init; } = () => { };

        public string Name => driver.Name;

        public string Details => driver.Details;

        public int Depth => driver.Depth;

        public int InFlight => driver.InFlight;

        public SubmitResult TrySubmit(IoOperation operation) => driver.TrySubmit(operation);

        public void Flush() => driver.Flush();

        public int Reap(ICompletionSink sink) => driver.Reap(sink);

        public void Wait(int timeout)
        {
            Interlocked.Increment(ref _waits);
            Waiting();
            driver.Wait(timeout);
        }

        public void Wake() => driver.Wake();

        public bool TryCancel(IoOperation operation) => driver.TryCancel(operation);

        public void Dispose() => driver.Dispose();
    }

    private sealed class Owner(Action? onCompleted = null) : IQueuePairOwner
    {
        public int Notices { get; private set; }

        public void OnCompleted(QueuePair pair)
        {
            Notices++;
            while (pair.TakeCompleted() is not null)
            {
            }

            onCompleted?.Invoke();
        }
    }
}
