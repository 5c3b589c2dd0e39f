using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>What the driver of <c>auto</c> does itself, and what it leaves to the other one.</summary>
public sealed class InlineFirstDriverTests : IDisposable
{
    private const int TransferMax = 100;
    private const int TurnMax = 250;

    private readonly ScriptedDriver _inner = new() { Script = _ => Play.Hold };
    private readonly ManualClock _clock = new();
    private readonly ScriptedCalls _calls;
    private readonly InlineFirstDriver _driver;

    public InlineFirstDriverTests()
    {
        _calls = new ScriptedCalls(_clock);
        _driver = new InlineFirstDriver(_inner, TransferMax, TurnMax, _calls, _clock);
    }

    public void Dispose() => _driver.Dispose();

    [Theory]
    [InlineData(nameof(IoKind.Write), 100, true, true)]
    [InlineData(nameof(IoKind.Write), 101, true, false)]
    [InlineData(nameof(IoKind.Write), 100, false, false)]
    [InlineData(nameof(IoKind.Read), 100, true, true)]
    [InlineData(nameof(IoKind.Read), 101, true, false)]
    [InlineData(nameof(IoKind.Read), 100, false, false)]
    [InlineData(nameof(IoKind.DataSync), 0, true, false)]
    [InlineData(nameof(IoKind.Truncate), 0, true, false)]
    public void Small_transfers_through_the_cache_are_done_inline(string kind, int length, bool cached, bool inline)
    {
        var result = _driver.TrySubmit(Operation(Enum.Parse<IoKind>(kind), length, cached));

        Assert.Equal(inline ? SubmitResult.Completed : SubmitResult.Queued, result);
        Assert.Equal((inline ? 1 : 0, inline ? 0 : 1), (_calls.Performed, _inner.Submitted.Count));
    }

    [Fact]
    public void What_is_left_of_a_transfer_counts()
    {
        var operation = Operation(IoKind.Write, 150);
        operation.Done = 50;
        Assert.Equal(SubmitResult.Completed, _driver.TrySubmit(operation));
    }

    [Fact]
    public void A_turn_takes_so_many_bytes_and_the_next_as_many_again()
    {
        Assert.Equal("iiq", Submit(IoKind.Write, 3));
        Assert.Equal(SubmitResult.Completed, _driver.TrySubmit(Operation(IoKind.Write, 50)));
        Assert.Equal(SubmitResult.Queued, _driver.TrySubmit(Operation(IoKind.Write, 1)));
        _driver.Flush();
        Assert.Equal("iiq", Submit(IoKind.Write, 3));
    }

    [Theory]
    [InlineData(2, 20)]
    [InlineData(10, 100)]
    [InlineData(500, 100)]
    public void After_a_slow_write_the_others_stay_away_for_a_while(int took, int away)
    {
        _calls.Took = TimeSpan.FromMilliseconds(took);
        Assert.Equal("iq", Submit(IoKind.Write, 2));
        _clock.Now += TimeSpan.FromMilliseconds(away) - TimeSpan.FromTicks(1);
        _driver.Flush();
        Assert.Equal("q", Submit(IoKind.Write, 1));

        _clock.Now += TimeSpan.FromTicks(1);
        _calls.Took = WriteBackoff.SlowWrite;
        Assert.Equal("ii", Submit(IoKind.Write, 2));
    }

    [Fact]
    public void A_read_that_misses_is_the_other_drivers_and_so_are_the_next()
    {
        _calls.Cached = false;
        Assert.Equal("q", Submit(IoKind.Read, 1));
        _calls.Cached = true;
        const int After = InlineFirstDriver.ReadsAfterMiss;
        Assert.Equal(new string('q', After), Submit(IoKind.Read, After));
        Assert.Equal("i", Submit(IoKind.Read, 1));
    }

    private string Submit(IoKind kind, int count) => string.Concat(Enumerable.Range(0, count).Select(_ =>
    {
        if (kind == IoKind.Read)
        {
            _driver.Flush();
        }

        return _driver.TrySubmit(Operation(kind, TransferMax)) == SubmitResult.Completed ? 'i' : 'q';
    }));

    private static IoOperation Operation(IoKind kind, int length, bool cached = true) =>
        new() { Kind = kind, Length = length, File = new FileHandle(1) { IsCached = cached } };
}
