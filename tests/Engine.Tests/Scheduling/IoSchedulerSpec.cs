using Actors.Engine.Drivers;
using Actors.Engine.Metrics;
using Actors.Engine.Scheduling;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Scheduling;

/// <summary>Admission to a driver, step by step, without a kernel.</summary>
public sealed class IoSchedulerSpec
{
    private readonly SteppedDriver _driver = new();
    private readonly ShardMetrics _metrics = new(1);

    [Fact]
    public void No_more_are_in_flight_than_allowed()
    {
        using var scheduler = Create(3);
        var file = new Client("a");
        file.Submit(scheduler, 10);
        Assert.Equal((3, 3), (scheduler.InFlight, _driver.Queued.Count));
        for (var finished = 1; finished <= 10; finished++)
        {
            _driver.Finish(0);
            scheduler.Pump();
            Assert.Equal(Math.Min(3, 10 - finished), scheduler.InFlight);
        }

        Assert.Equal(10, file.Take());
        Assert.Equal(3, _driver.InFlightPeak);
    }

    [Fact]
    public void No_more_are_in_flight_than_the_driver_holds()
    {
        _driver.Depth = 2;
        using var scheduler = Create(100);
        new Client("a").Submit(scheduler, 10);
        Assert.Equal(2, scheduler.InFlight);
    }

    [Fact]
    public void Files_that_wait_take_turns_in_order_of_arrival()
    {
        using var scheduler = Create(1);
        var files = "abc".Select(name => new Client($"{name}")).ToArray();
        foreach (var file in files)
        {
            file.Submit(scheduler, 3);
        }

        for (var i = 0; i < 9; i++)
        {
            _driver.Finish(0);
            scheduler.Pump();
        }

        // The first had the place, and stood at the head of the queue for its second.
        Assert.Equal("aabcabcbc", string.Concat(_driver.Order));
        Assert.All(files, file => Assert.Equal(3, file.Take()));
    }

    [Fact]
    public void A_file_that_comes_later_does_not_overtake()
    {
        using var scheduler = Create(2);
        var first = new Client("a");
        first.Submit(scheduler, 3);
        _driver.Finish(0);
        var late = new Client("b");
        late.Submit(scheduler, 1);
        Assert.Equal("aa", string.Concat(_driver.Order));
        scheduler.Pump();
        Assert.Equal("aaa", string.Concat(_driver.Order));
        _driver.Finish(0);
        scheduler.Pump();
        Assert.Equal("aaab", string.Concat(_driver.Order));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Short_transfers_are_submitted_again_for_the_rest(bool inline)
    {
        _driver.Inline = inline;
        using var scheduler = Create(4);
        var file = new Client("a");
        _driver.Answers = new Queue<long>([40, 50, 10]);
        file.Submit(scheduler, 1);
        PumpAll(scheduler, inline);

        Assert.Equal(1, file.Take());
        Assert.Equal(100, file.Operations[0].Done);
        Assert.Equal([(0L, 100L), (40L, 60L), (90L, 10L)], _driver.Ranges);
        Assert.Equal(3, _metrics.KernelOperations);
        Assert.Equal(0, scheduler.InFlight);
    }

    [Theory]
    [InlineData(Errno.EINTR, false)]
    [InlineData(Errno.EINTR, true)]
    [InlineData(Errno.EAGAIN, false)]
    [InlineData(Errno.EAGAIN, true)]
    public void What_the_kernel_wants_tried_again_is(int errno, bool inline)
    {
        _driver.Inline = inline;
        using var scheduler = Create(4);
        var file = new Client("a");
        _driver.Answers = new Queue<long>([-errno, -errno, 100]);
        file.Submit(scheduler, 1);
        PumpAll(scheduler, inline);
        Assert.Equal(1, file.Take());
        Assert.Equal(100, file.Operations[0].Done);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failure_is_handed_back_with_what_was_done_before_it(bool inline)
    {
        _driver.Inline = inline;
        using var scheduler = Create(4);
        var file = new Client("a");
        _driver.Answers = new Queue<long>([30, -Errno.EIO]);
        file.Submit(scheduler, 1);
        PumpAll(scheduler, inline);
        Assert.Equal(1, file.Take());
        Assert.Equal((30L, (long)-Errno.EIO), (file.Operations[0].Done, file.Operations[0].Result));
    }

    [Fact]
    public void What_a_busy_driver_did_not_take_is_tried_again_in_order()
    {
        using var scheduler = Create(8);
        _driver.IsBusy = true;
        var file = new Client("a");
        file.Submit(scheduler, 3);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(scheduler.Pump());
        }

        Assert.Empty(_driver.Queued);
        Assert.Equal(0, _metrics.KernelOperations);
        _driver.IsBusy = false;
        scheduler.Pump();
        Assert.Equal(file.Operations, _driver.Queued);
        _driver.FinishAll();
        scheduler.Pump();
        Assert.Equal(3, file.Take());
    }

    [Fact]
    public void The_wait_is_short_for_what_the_driver_did_not_take_and_bounded_for_what_it_has()
    {
        const int StalledAfter = 1000; // when the driver is asked whether it needs more workers
        using var scheduler = Create(8);
        scheduler.Wait(-1);
        _driver.IsBusy = true;
        new Client("a").Submit(scheduler, 1);
        scheduler.Wait(-1);
        _driver.IsBusy = false;
        scheduler.Pump();
        scheduler.Wait(-1);
        scheduler.Wait(0);
        _driver.FinishAll();
        scheduler.Pump();
        scheduler.Wait(-1);
        Assert.Equal([-1, 1, StalledAfter, 0, -1], _driver.Waits);
    }

    [Fact]
    public void Room_made_by_a_retry_that_completes_inline_goes_to_who_waits()
    {
        using var scheduler = Create(1);
        _driver.IsBusy = _driver.Inline = true;
        var first = new Client("a");
        var second = new Client("b");
        first.Submit(scheduler, 1);
        second.Submit(scheduler, 2);
        _driver.IsBusy = false;
        scheduler.Pump();
        Assert.Equal((1, 2), (first.Take(), second.Take()));
        Assert.Equal(0, scheduler.InFlight);
    }

    [Fact]
    public void An_operation_that_waits_is_cancelled_at_once()
    {
        using var scheduler = Create(1);
        var file = new Client("a");
        file.Submit(scheduler, 3);
        scheduler.Cancel(file.Operations[1]);
        Assert.Equal(1, file.Take());
        Assert.Equal(-Errno.ECANCELED, file.Operations[1].Result);
        Assert.Empty(_driver.Cancelled);

        // The others are not disturbed.
        _driver.FinishAll();
        scheduler.Pump();
        _driver.FinishAll();
        scheduler.Pump();
        Assert.Equal(2, file.Take());
        Assert.Equal("aa", string.Concat(_driver.Order));
        Assert.Equal(0, scheduler.InFlight);
    }

    [Fact]
    public void A_file_whose_only_waiting_operation_was_cancelled_gives_up_its_turn()
    {
        using var scheduler = Create(1);
        var files = "abc".Select(name => new Client($"{name}")).ToArray();
        foreach (var file in files)
        {
            file.Submit(scheduler, 1);
        }

        scheduler.Cancel(files[1].Operations[0]);
        _driver.FinishAll();
        scheduler.Pump();
        Assert.Equal("ac", string.Concat(_driver.Order));
    }

    [Fact]
    public void An_operation_in_the_driver_comes_back_once_whether_or_not_it_can_be_cancelled()
    {
        using var scheduler = Create(4);
        var file = new Client("a");
        file.Submit(scheduler, 2);
        scheduler.Cancel(file.Operations[0]);
        scheduler.Cancel(file.Operations[1]);
        Assert.Equal(file.Operations, _driver.Cancelled);
        Assert.Equal(0, file.Take());
        _driver.Finish(0, -Errno.ECANCELED);
        _driver.Finish(0);
        scheduler.Pump();
        Assert.Equal(2, file.Take());
        Assert.Equal([-Errno.ECANCELED, 100], file.Operations.Select(operation => (int)operation.Result));
    }

    [Fact]
    public void What_is_to_be_cancelled_is_not_tried_again()
    {
        using var scheduler = Create(4);
        var file = new Client("a");
        file.Submit(scheduler, 1);
        scheduler.Cancel(file.Operations[0]);
        _driver.Finish(0, -Errno.EINTR);
        scheduler.Pump();
        Assert.Equal(1, file.Take());
        Assert.Equal(-Errno.ECANCELED, file.Operations[0].Result);
    }

    [Fact]
    public void An_owner_is_told_once_until_it_has_taken_everything()
    {
        using var scheduler = Create(8);
        var file = new Client("a");
        file.Submit(scheduler, 3);
        _driver.FinishAll();
        scheduler.Pump();
        Assert.Equal(1, file.Notices);
        file.Submit(scheduler, 1);
        _driver.FinishAll();
        scheduler.Pump();
        Assert.Equal(1, file.Notices);
        Assert.Equal(4, file.Take());
        file.Submit(scheduler, 1);
        _driver.FinishAll();
        scheduler.Pump();
        Assert.Equal(2, file.Notices);
    }

    [Fact]
    public void Only_reads_and_writes_count_as_kernel_operations()
    {
        using var scheduler = Create(8);
        _driver.Inline = true;
        foreach (var kind in Enum.GetValues<IoKind>())
        {
            new Client("a", kind).Submit(scheduler, 1);
        }

        Assert.Equal(2, _metrics.KernelOperations);
    }

    [Fact]
    public void The_driver_ends_with_its_scheduler()
    {
        Create(1).Dispose();
        Assert.True(_driver.IsDisposed);
    }

    /// <summary>What waits for its turn is in time as long as the kernel gives anything back: a completion, a transfer
    /// done inline, or a question about a file; the last two not while all places in flight are taken.</summary>
    [Theory]
    [InlineData("completion")]
    [InlineData("inline")]
    [InlineData("question")]
    [InlineData("question with no room")]
    [InlineData("nothing")]
    public void Whatever_the_kernel_gives_back_is_seen(string what)
    {
        var clock = new ManualClock();
        using var scheduler = new IoScheduler(
            () => _driver, 4, new ShardMetrics(1, clock), new RecordingWatch()) { IsTimed = true };
        _driver.Inline = what == "inline";
        if (what == "question with no room")
        {
            new Client("stuck").Submit(scheduler, 4);
        }

        clock.Now = TimeSpan.FromSeconds(5);
        switch (what)
        {
            case "nothing":
                // A substitute asks the kernel nothing.
                scheduler.IsAway = true;
                Assert.Equal(
                    -Errno.EAGAIN, new MarkedFileCalls(SystemCalls.Platform.Files, scheduler).TryGetLength(0, out _));
                break;
            case "question" or "question with no room":
                new MarkedFileCalls(SystemCalls.Platform.Files, scheduler).AreSame(0, 0);
                break;
            default:
                new Client("a").Submit(scheduler, 1);
                _driver.FinishAll();
                scheduler.Pump();
                break;
        }

        Assert.Equal(
            what is "nothing" or "question with no room" ? 0 : clock.GetTimestamp(), scheduler.CameBackAt);
    }

    private IoScheduler Create(int inFlightMax) => new(() => _driver, inFlightMax, _metrics, new RecordingWatch());

    private void PumpAll(IoScheduler scheduler, bool inline)
    {
        for (var i = 0; i < 3 && !inline; i++)
        {
            _driver.FinishAll();
            scheduler.Pump();
        }
    }

    /// <summary>A file in the scheduler's eyes.</summary>
    private sealed class Client(string name, IoKind kind = IoKind.Write) : IQueuePairOwner
    {
        private QueuePair? _pair;

        public List<IoOperation> Operations { get; } = [];

        public int Notices { get; private set; }

        public void OnCompleted(QueuePair pair) => Notices++;

        public void Submit(IoScheduler scheduler, int count)
        {
            _pair ??= new QueuePair(this);
            for (var i = 0; i < count; i++)
            {
                var operation = new IoOperation { Kind = kind, Length = 100, State = name };
                Operations.Add(operation);
                _pair.Submit(operation);
            }

            if (!_pair.Announced)
            {
                scheduler.Announce(_pair);
            }
        }

        public int Take()
        {
            var taken = 0;
            while (_pair!.TakeCompleted() is not null)
            {
                taken++;
            }

            return taken;
        }
    }

    /// <summary>A driver that does nothing until it is told what happened.</summary>
    private sealed class SteppedDriver : IDriver
    {
        private readonly Queue<IoOperation> _finished = new();

        public List<IoOperation> Queued { get; } = [];

        public List<string> Order { get; } = [];

        public List<(long Offset, long Length)> Ranges { get; } = [];

        public List<IoOperation> Cancelled { get; } = [];

        public List<int> Waits { get; } = [];

        public Queue<long> Answers { get; set; } = new();

        public bool IsBusy { get; set; }

        public bool Inline { get; set; }

        public bool IsDisposed { get; private set; }

        public int InFlightPeak { get; private set; }

        public string Name => "stepped";

        public string Details => "";

        public int Depth { get; set; } = 64;

        public int InFlight => Queued.Count + _finished.Count;

        public SubmitResult TrySubmit(IoOperation operation)
        {
            if (IsBusy)
            {
                return SubmitResult.Busy;
            }

            Order.Add((string)operation.State!);
            Ranges.Add((operation.NextOffset, operation.NextLength));
            if (Inline)
            {
                operation.Result = NextAnswer(operation);
                return SubmitResult.Completed;
            }

            Queued.Add(operation);
            InFlightPeak = Math.Max(InFlightPeak, InFlight);
            return SubmitResult.Queued;
        }

        /// <summary>The operation at an index is back from the kernel.</summary>
        public void Finish(int index, long? result = null)
        {
            var operation = Queued[index];
            Queued.RemoveAt(index);
            operation.Result = result ?? NextAnswer(operation);
            _finished.Enqueue(operation);
        }

        public void FinishAll()
        {
            while (Queued.Count > 0)
            {
                Finish(0);
            }
        }

        public void Flush()
        {
        }

        public int Reap(ICompletionSink sink)
        {
            var count = _finished.Count;
            for (var i = 0; i < count; i++)
            {
                sink.Complete(_finished.Dequeue());
            }

            return count;
        }

        public void Wait(int timeout) => Waits.Add(timeout);

        public void Wake()
        {
        }

        public bool TryCancel(IoOperation operation)
        {
            Cancelled.Add(operation);
            return false;
        }

        public void Dispose() => IsDisposed = true;

        private long NextAnswer(IoOperation operation)
        {
            var whole = operation.Kind is IoKind.Read or IoKind.Write ? operation.NextLength : 0;
            return Answers.TryDequeue(out var answer) ? answer : whole;
        }
    }
}
