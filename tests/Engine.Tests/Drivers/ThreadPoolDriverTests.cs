using System.Collections.Concurrent;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.ThreadPool;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>What is particular to worker threads: parallel calls, slow ones, cancelling what waits, the end.</summary>
public sealed class ThreadPoolDriverTests
{
    private static readonly TimeSpan Deadline = ShardThread.Deadline / 2;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void As_many_calls_run_at_once_as_there_are_workers(int workers) => ShardThread.Run(() =>
    {
        using var meeting = new Barrier(workers);
        var calls = new ScriptedCalls(_ => Assert.True(meeting.SignalAndWait(Deadline)));
        var sink = new CollectingSink();
        using var driver = new ThreadPoolDriver(workers, 64, calls);
        for (var round = 0; round < 50; round++)
        {
            // No call returns before all have begun.
            Submit(driver, workers);
            sink.Await(driver, (round + 1) * workers);
        }
    });

    [Fact]
    public void A_slow_call_does_not_hold_up_more_than_its_group() => ShardThread.Run(() =>
    {
        using var release = new ManualResetEventSlim();
        var slow = new IoOperation { Kind = IoKind.Read };
        var calls = new ScriptedCalls(operation => Assert.True(operation != slow || release.Wait(Deadline)));
        var sink = new CollectingSink();
        using var driver = new ThreadPoolDriver(2, 256, calls);
        driver.TrySubmit(slow);
        Submit(driver, 200);
        sink.Await(driver, 200 - (ThreadPoolDriver.GroupMax - 1));
        Assert.DoesNotContain(slow, sink.Operations);
        release.Set();
        sink.Await(driver, 201);
    });

    [Theory]
    [InlineData(nameof(IoKind.Sync), 0)]
    [InlineData(nameof(IoKind.Open), 0)]
    [InlineData(nameof(IoKind.Read), 1 << 20)]
    public void What_may_be_slow_is_taken_alone(string kind, int length) => ShardThread.Run(() =>
    {
        using var release = new ManualResetEventSlim();
        var slow = new IoOperation { Kind = Enum.Parse<IoKind>(kind), Length = length };
        var calls = new ScriptedCalls(operation => Assert.True(operation != slow || release.Wait(Deadline)));
        var sink = new CollectingSink();
        using var driver = new ThreadPoolDriver(2, 256, calls);
        Submit(driver, 20);
        driver.TrySubmit(slow);
        Submit(driver, 20);
        sink.Await(driver, 40);
        Assert.DoesNotContain(slow, sink.Operations);
        release.Set();
        sink.Await(driver, 41);
    });

    [Fact]
    public void What_no_worker_has_begun_is_cancelled() => ShardThread.Run(() =>
    {
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var calls = new ScriptedCalls(_ =>
        {
            begun.Set();
            Assert.True(release.Wait(Deadline));
        });
        var sink = new CollectingSink();
        using var driver = new ThreadPoolDriver(1, 8, calls);
        var operations = Submit(driver, 3);
        Assert.True(begun.Wait(Deadline));

        Assert.False(driver.TryCancel(operations[0]));
        Assert.True(driver.TryCancel(operations[1]));
        Assert.False(driver.TryCancel(operations[1]));
        Assert.False(driver.TryCancel(new IoOperation()));
        Assert.Equal(3, driver.InFlight);
        release.Set();
        sink.Await(driver, 3);

        Assert.Equal([1, -Errno.ECANCELED, 1], operations.Select(operation => operation.Result));
        Assert.DoesNotContain(operations[1], calls.Performed);
    });

    [Fact]
    public void Disposal_finishes_what_has_begun_and_drops_the_rest() => ShardThread.Run(() =>
    {
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var calls = new ScriptedCalls(_ =>
        {
            begun.Set();
            Assert.True(release.Wait(Deadline));
        });
        var driver = new ThreadPoolDriver(1, 8, calls);
        var operations = Submit(driver, 4);
        Assert.True(begun.Wait(Deadline));
        var releasing = new Thread(() => release.Set());
        releasing.Start();
        driver.Dispose();

        // Which of the rest had begun before the end is open; nothing begins after it.
        var performed = calls.Performed.ToArray();
        Assert.Contains(operations[0], performed);
        Assert.All(performed, operation => Assert.Equal(1, operation.Result));
        releasing.Join();
        Assert.Equal(performed.Length, calls.Performed.Count);
    });

    [Fact]
    public void A_file_opened_for_nobody_is_closed() => ShardThread.Run(() =>
    {
        var calls = new ScriptedCalls(_ => { });
        var driver = new ThreadPoolDriver(1, 8, calls);
        driver.TrySubmit(new IoOperation { Kind = IoKind.Open });
        driver.Flush();
        driver.Wait(-1);
        driver.Dispose();
        var close = Assert.Single(calls.Performed, operation => operation.Kind == IoKind.Close);
        Assert.Equal(1, close.File!.Descriptor);
    });

    [Fact]
    public void Calls_are_made_on_the_workers() => ShardThread.Run(() =>
    {
        var threads = new ConcurrentDictionary<int, bool>();
        var calls = new ScriptedCalls(_ => threads[Environment.CurrentManagedThreadId] = true);
        var sink = new CollectingSink();
        using var driver = new ThreadPoolDriver(3, 64, calls);
        foreach (var kind in Enum.GetValues<IoKind>())
        {
            Assert.Equal(SubmitResult.Queued, driver.TrySubmit(new IoOperation { Kind = kind }));
        }

        sink.Await(driver, Enum.GetValues<IoKind>().Length);
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads.Keys);
        Assert.InRange(threads.Count, 1, 3);
    });

    private static List<IoOperation> Submit(ThreadPoolDriver driver, int count)
    {
        var operations = Enumerable.Range(0, count).Select(_ => new IoOperation { Kind = IoKind.Read }).ToList();
        operations.ForEach(operation => Assert.Equal(SubmitResult.Queued, driver.TrySubmit(operation)));
        driver.Flush();
        return operations;
    }

    /// <summary>Calls that do what the test says and answer 1.</summary>
    private sealed class ScriptedCalls(Action<IoOperation> act) : IBlockingCalls
    {
        public ConcurrentQueue<IoOperation> Performed { get; } = new();

        public void Perform(IoOperation operation)
        {
            act(operation);
            operation.Result = 1;
            Performed.Enqueue(operation);
        }

        public bool TryReadCached(IoOperation operation) => false;
    }

    private sealed class CollectingSink : ICompletionSink
    {
        public List<IoOperation> Operations { get; } = [];

        public void Complete(IoOperation operation)
        {
            Assert.DoesNotContain(operation, Operations);
            Operations.Add(operation);
        }

        /// <summary>Until there are that many in all.</summary>
        public void Await(IDriver driver, int total)
        {
            while (Operations.Count < total)
            {
                driver.Wait(-1);
                driver.Reap(this);
            }
        }
    }
}
