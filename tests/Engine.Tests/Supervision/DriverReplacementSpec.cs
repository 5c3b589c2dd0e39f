using Actors.Engine.Drivers;
using Actors.Engine.Metrics;
using Actors.Engine.Scheduling;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Supervision;

/// <summary>From a driver that threw to the next one, step by step: one at a time, and nothing unanswered.</summary>
public sealed class DriverReplacementSpec
{
    private readonly ManualClock _clock = new();
    private readonly RecordingWatch _watch = new();
    private readonly List<ThrowingDriver> _drivers = [];
    private readonly List<Client> _clients = [];
    private Func<Exception?> _refuseToMake = () => null;

    public static TheoryData<DriverCall, bool> Calls
    {
        get
        {
            var data = new TheoryData<DriverCall, bool>();
            foreach (var call in Enum.GetValues<DriverCall>().Where(call => call != DriverCall.Dispose))
            {
                data.Add(call, false);
                data.Add(call, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_driver_that_throws_is_replaced_and_everything_comes_back(DriverCall call, bool after)
    {
        using var scheduler = Create(inFlight: 4);
        var (first, waiting) = (Submit(scheduler, 4), Submit(scheduler, 3));
        ThrowOnce(_drivers[0], call, after);
        var performed = new IoOperation { Kind = IoKind.Sync };
        var performedHere = scheduler.TryPerform(performed);
        scheduler.Cancel(first.Operations[0]);
        scheduler.Wait(0);
        PumpUntilIdle(scheduler);

        var late = Submit(scheduler, 1);
        PumpUntilIdle(scheduler);
        Assert.Equal((4, 3, 1, 0), (first.Take(), waiting.Take(), late.Take(), scheduler.InFlight));
        Assert.IsType<InvalidDataException>(Assert.Single(_watch.DriverFailures));
        Assert.Equal(1, _watch.Replacements);
        Assert.Equal((true, false), (_drivers[0].IsDisposed, _drivers[1].IsDisposed));
        Assert.Null(scheduler.Refusal);

        // Only what the driver was at, or had when it threw for good, may be without an outcome.
        var lost = _clients.SelectMany(client => client.Operations).Count(operation => operation.Fault is not null);
        Assert.Equal((call, after) == (DriverCall.TrySubmit, false) ? 1 : 0, lost);
        Assert.Equal(call == DriverCall.TryPerform, performedHere);
        Assert.Equal((performedHere, performedHere), (performed.Fault is not null, performed.Result == -Errno.EIO));
    }

    [Fact]
    public void No_other_is_made_before_the_old_one_has_let_go_of_everything()
    {
        using var scheduler = Create(inFlight: 2);
        Scripted(0).Script = _ => Play.Hold;
        var old = Submit(scheduler, 2);
        ThrowOnce(_drivers[0], DriverCall.Flush, after: false);
        scheduler.Pump();
        var late = Submit(scheduler, 3);
        for (var i = 0; i < 10; i++)
        {
            scheduler.Pump();
        }

        Assert.Single(_drivers);
        Assert.False(_drivers[0].IsDisposed);
        Assert.Equal((0, 0, 2), (old.Take(), late.Take(), scheduler.InFlight));
        Scripted(0).ReleaseOldest(0);
        scheduler.Pump();
        Assert.Equal((1, 1), (old.Take(), _drivers.Count));
        Scripted(0).ReleaseOldest(0);
        PumpUntilIdle(scheduler);
        Assert.Equal((1, 3, 2), (old.Take(), late.Take(), _drivers.Count));
        Assert.All(old.Operations.Concat(late.Operations), operation => Assert.Null(operation.Fault));
        Assert.Equal(2, Scripted(0).Submitted.Count);
        Assert.Equal(3, Scripted(1).Submitted.Count);
    }

    [Fact]
    public void What_does_not_come_back_in_time_is_given_up_and_the_shard_refuses_until_it_has()
    {
        using var scheduler = Create(inFlight: 2);
        (Scripted(0).Script, Scripted(0).CanCancel) = (_ => Play.Hold, false);
        var old = Submit(scheduler, 2);
        ThrowOnce(_drivers[0], DriverCall.Reap, after: false);
        scheduler.Pump();
        var waiting = Submit(scheduler, 1);
        _clock.Now += DriverReplacement.Patience - TimeSpan.FromTicks(1);
        scheduler.Pump();
        Assert.Equal((0, 0, null), (old.Overdue, waiting.Take(), scheduler.Refusal));

        _clock.Now += TimeSpan.FromTicks(1);
        scheduler.Pump();
        Assert.Equal((2, 0, 1), (old.Overdue, old.Take(), waiting.Take()));
        Assert.Equal(2, Scripted(0).Cancelled.Count);
        Assert.Contains("does not come back", scheduler.Refusal!.Cause, StringComparison.Ordinal);
        Assert.NotNull(waiting.Operations[0].Fault);
        Assert.Equal(1, Submit(scheduler, 1).Take());
        Assert.Single(_watch.Refusals);
        Assert.Single(_drivers);

        // What is not waited for any more is not begun again, by no driver.
        Scripted(0).ReleaseOldest(-Errno.EINTR);
        Scripted(0).ReleaseOldest(0);
        PumpUntilIdle(scheduler);
        Assert.Equal((2, 0, null), (old.Take(), scheduler.InFlight, scheduler.Refusal));
        Assert.Equal([-Errno.ECANCELED, 0], old.Operations.Select(operation => operation.Result));
        Assert.All(old.Operations, operation => Assert.Null(operation.Fault));
        var late = Submit(scheduler, 1);
        PumpUntilIdle(scheduler);
        Assert.Equal((1, 2), (late.Take(), _drivers.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_that_throws_again_is_disposed_of_at_once_and_what_it_had_is_lost(bool letsGo)
    {
        using var scheduler = Create(inFlight: 2);
        Scripted(0).Script = _ => Play.Hold;
        Scripted(0).DropsAtDisposal = letsGo;
        var old = Submit(scheduler, 2);
        _drivers[0].Before = call => call == DriverCall.Reap;
        scheduler.Pump();
        scheduler.Pump();
        Assert.True(_drivers[0].IsDisposed);
        Assert.All(old.Operations, operation => Assert.NotNull(operation.Fault));
        var late = Submit(scheduler, 1);
        PumpUntilIdle(scheduler);
        Assert.Equal((letsGo ? 2 : 0, letsGo ? 0 : 2), (old.Take(), old.Overdue));
        Assert.Equal((1, !letsGo), (late.Take(), late.Operations[0].Fault is not null));
        Assert.Equal(letsGo ? 2 : 1, _drivers.Count);

        // Never again, for nobody knows when an old write lands; but the shard can end.
        _clock.Now += TimeSpan.FromHours(1);
        var refused = Submit(scheduler, 1);
        PumpUntilIdle(scheduler);
        Assert.Equal((1, letsGo), (refused.Take(), refused.Operations[0].Fault is null));
        Assert.False(scheduler.HasWork);
    }

    [Fact]
    public void One_that_cannot_be_disposed_of_is_not_replaced()
    {
        using var scheduler = Create(inFlight: 2);
        ThrowOnce(_drivers[0], DriverCall.Flush, after: false);
        _drivers[0].After = call => call == DriverCall.Dispose;
        scheduler.Pump();
        scheduler.Pump();
        Assert.NotNull(scheduler.Refusal);
        Assert.Single(_watch.Errors);
        var late = Submit(scheduler, 2);
        Assert.Equal((2, 1), (late.Take(), _drivers.Count));
    }

    [Fact]
    public void When_no_other_can_be_made_the_shard_refuses_and_tries_again_when_it_is_asked_later()
    {
        using var scheduler = Create(inFlight: 2);
        _refuseToMake = () => new DriverUnavailableException("No ring.", "Use another.");
        ThrowOnce(_drivers[0], DriverCall.Flush, after: false);
        scheduler.Pump();
        var waiting = Submit(scheduler, 3);
        scheduler.Pump();
        Assert.Equal(3, waiting.Take());
        Assert.All(waiting.Operations, operation => Assert.Contains(
            "No ring.", operation.Fault!.Cause, StringComparison.Ordinal));
        Assert.Contains("No ring.", Assert.Single(_watch.Refusals), StringComparison.Ordinal);

        _refuseToMake = () => null;
        _clock.Now += DriverReplacement.Interval - TimeSpan.FromTicks(1);
        var tooSoon = Submit(scheduler, 1);
        Assert.Equal((1, 1), (tooSoon.Take(), _drivers.Count));
        _clock.Now += TimeSpan.FromTicks(1);
        var late = Submit(scheduler, 1);
        PumpUntilIdle(scheduler);
        Assert.Equal((1, 2, null), (late.Take(), _drivers.Count, late.Operations[0].Fault));
    }

    [Fact]
    public void A_close_is_not_refused()
    {
        using var scheduler = Create(inFlight: 2);
        _refuseToMake = () => new DriverUnavailableException("No ring.", "Use another.");
        ThrowOnce(_drivers[0], DriverCall.Flush, after: false);
        scheduler.Pump();
        var close = new Client(IoKind.Close);
        close.Submit(scheduler, 1);
        scheduler.Pump();
        Assert.Equal(1, close.Take());
        Assert.Equal((-Errno.EBADF, null), (close.Operations[0].Result, close.Operations[0].Fault));
    }

    [Fact]
    public void One_that_fails_again_and_again_is_made_once_a_second()
    {
        using var scheduler = Create(inFlight: 2);
        _drivers[0].Before = call => call == DriverCall.Flush;
        for (var i = 0; i < 100; i++)
        {
            scheduler.Pump();
            _drivers[^1].Before = call => call == DriverCall.Flush;
            _clock.Now += DriverReplacement.Interval / 10;
        }

        Assert.InRange(_drivers.Count, 9, 12);
        Assert.Null(scheduler.Refusal);
    }

    [Fact]
    public void A_driver_that_completes_what_it_does_not_have_has_failed()
    {
        using var scheduler = Create(inFlight: 2);
        Scripted(0).Script = _ => Play.Hold;
        var file = Submit(scheduler, 1);
        Scripted(0).CompleteTwice(file.Operations[0]);
        PumpUntilIdle(scheduler);
        Assert.Equal((1, 0), (file.Take(), scheduler.InFlight));
        Assert.IsType<InvalidOperationException>(Assert.Single(_watch.DriverFailures));
    }

    [Fact]
    public void An_owner_that_throws_is_not_the_drivers_fault()
    {
        using var scheduler = Create(inFlight: 4);
        var defective = new Client(IoKind.Sync) { Throws = true };
        defective.Submit(scheduler, 1);
        var other = Submit(scheduler, 2);
        PumpUntilIdle(scheduler);
        Assert.Equal((1, 2), (defective.Take(), other.Take()));
        Assert.IsType<NotSupportedException>(Assert.Single(_watch.Errors));
        Assert.Empty(_watch.DriverFailures);
    }

    private static void ThrowOnce(ThrowingDriver driver, DriverCall at, bool after)
    {
        var thrown = false;
        bool Throws(DriverCall call) => call == at && !thrown && (thrown = true);
        if (after)
        {
            driver.After = Throws;
        }
        else
        {
            driver.Before = Throws;
        }
    }

    private static void PumpUntilIdle(IoScheduler scheduler)
    {
        for (var i = 0; i < 20; i++)
        {
            scheduler.Pump();
        }
    }

    private ScriptedDriver Scripted(int index) => (ScriptedDriver)_drivers[index].Inner;

    private Client Submit(IoScheduler scheduler, int count)
    {
        var client = new Client(IoKind.Sync);
        _clients.Add(client);
        client.Submit(scheduler, count);
        return client;
    }

    private IoScheduler Create(int inFlight) => new(Make, inFlight, new ShardMetrics(1, _clock), _watch);

    private IDriver Make()
    {
        if (_refuseToMake() is { } refusal)
        {
            throw refusal;
        }

        Assert.All(_drivers, old => Assert.True(old.IsDisposed, "two drivers at a time"));
        _drivers.Add(new ThrowingDriver(new ScriptedDriver { Result = _ => 0 }));
        return _drivers[^1];
    }

    private sealed class Client(IoKind kind) : IQueuePairOwner
    {
        private QueuePair? _pair;

        public List<IoOperation> Operations { get; } = [];

        public bool Throws { get; init; }

        public int Overdue { get; private set; }

        public void OnCompleted(QueuePair pair)
        {
            if (Throws)
            {
                throw new NotSupportedException("a defect of the owner");
            }
        }

        public void OnOverdue(QueuePair pair) => Overdue++;

        public void Submit(IoScheduler scheduler, int count)
        {
            _pair ??= new QueuePair(this);
            for (var i = 0; i < count; i++)
            {
                Operations.Add(new IoOperation { Kind = kind, File = new FileHandle(-1) });
                _pair.Submit(Operations[^1]);
            }

            scheduler.Announce(_pair);
        }

        public int Take()
        {
            var taken = 0;
            while (_pair!.TakeCompleted() is { } operation)
            {
                // What is not known to be done is no success: the result of an open would be taken for a descriptor.
                Assert.True(operation.Fault is null || operation.Result == -Errno.EIO);
                taken++;
            }

            return taken;
        }
    }
}
