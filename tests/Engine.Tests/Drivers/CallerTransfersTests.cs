using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>Transfers on the callers' own threads, and how they and the closing of the file keep clear of each
/// other.</summary>
public sealed class CallerTransfersTests
{
    private const int TransferMax = 100;
    private const int SlowMax = 2;

    private readonly ManualClock _clock = new();
    private readonly ScriptedCalls _calls;
    private readonly CallerTransfers _transfers;

    public CallerTransfersTests()
    {
        _calls = new ScriptedCalls(_clock);
        _transfers = new CallerTransfers(
            new FileHandle(1), TransferMax, new WriteBackoff(SlowMax, _clock),
            SystemCalls.Platform with { Blocking = _calls });
    }

    [Fact]
    public void Larger_transfers_are_left_to_others()
    {
        Assert.True(Write(TransferMax));
        Assert.False(Write(TransferMax + 1));
        Assert.True(_transfers.TryRead(new byte[TransferMax], 0, out _));
        Assert.False(_transfers.TryRead(new byte[TransferMax + 1], 0, out _));
        Assert.Equal(2, _calls.Performed);
    }

    [Fact]
    public void A_short_write_is_carried_on()
    {
        _calls.Results.Enqueue(30);
        _calls.Results.Enqueue(-Errno.EINTR);
        Assert.True(_transfers.TryWrite(new byte[TransferMax], 0, false, out var done, out var errno));
        Assert.Equal((TransferMax, 0, 3), (done, errno, _calls.Performed));
    }

    [Fact]
    public void An_error_says_how_much_was_written_before_it()
    {
        _calls.Results.Enqueue(30);
        _calls.Results.Enqueue(-Errno.ENOSPC);
        Assert.True(_transfers.TryWrite(new byte[TransferMax], 0, false, out var done, out var errno));
        Assert.Equal((30, Errno.ENOSPC), (done, errno));
    }

    [Fact]
    public void One_slow_write_says_nothing_and_several_in_a_row_send_the_next_elsewhere()
    {
        _calls.Took = WriteBackoff.SlowWrite + TimeSpan.FromTicks(1);
        for (var i = 0; i < SlowMax; i++)
        {
            Assert.True(Write(1));
        }

        _calls.Took = TimeSpan.Zero;
        Assert.True(Write(1));
        _calls.Took = WriteBackoff.SlowWrite + TimeSpan.FromTicks(1);
        for (var i = 0; i <= SlowMax; i++)
        {
            Assert.True(Write(1));
        }

        Assert.False(Write(1));
        _clock.Now += WriteBackoff.SlowPeriodMax;
        Assert.True(Write(1));
    }

    [Fact]
    public void After_a_read_that_misses_the_next_are_not_tried()
    {
        _calls.Cached = false;
        Assert.False(_transfers.TryRead(new byte[1], 0, out _));
        _calls.Cached = true;
        for (var i = 0; i < InlineFirstDriver.ReadsAfterMiss; i++)
        {
            Assert.False(_transfers.TryRead(new byte[1], 0, out _));
        }

        Assert.True(_transfers.TryRead(new byte[1], 0, out var done));
        Assert.Equal(1, done);
    }

    [Fact]
    public void Nothing_begins_once_the_file_is_to_be_closed()
    {
        Assert.True(_transfers.TryClose(() => Assert.Fail("nothing was under way")));
        Assert.False(Write(1));
        Assert.False(_transfers.TryRead(new byte[1], 0, out _));
        Assert.Equal(0, _calls.Performed);
    }

    [Fact]
    public void Closing_waits_for_the_transfer_that_is_under_way()
    {
        var free = 0;
        _calls.During = () => Assert.False(_transfers.TryClose(() => free++));
        Assert.True(Write(1));
        Assert.Equal(1, free);
        Assert.True(_transfers.TryClose(() => free++));
        Assert.False(Write(1));
        Assert.Equal(1, free);
    }

    private bool Write(int length) => _transfers.TryWrite(new byte[length], 0, false, out _, out _);
}
