using Actors.Engine.Drivers;
using Actors.Engine.Streams;
using Actors.Engine.Tests.Scenario;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.IO;
using Xunit;

namespace Actors.Engine.Tests.Streams;

public sealed class FileSinkFlushSpec
{
    [Theory]
    [InlineData(Durability.None, null)]
    [InlineData(Durability.DataSync, nameof(IoKind.DataSync))]
    [InlineData(Durability.Sync, nameof(IoKind.Sync))]
    public async Task On_finish_it_syncs_as_asked_after_the_last_write(Durability onFinish, string? expected)
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async s =>
        {
            await Three().RunWith(
                FileSink.ToFile(s.PathOf("out"), new FileSinkOptions { OnFinish = onFinish }), s.System.Materializer());
            Assert.Equal(expected is null ? [] : [expected], Syncs(driver).Select(kind => $"{kind}"));
            Assert.Equal(IoKind.Close, driver.Submitted.Last());
            Assert.Equal("abc", s.ContentOf("out"));
        });
    }

    [Fact]
    public async Task A_sync_that_fails_fails_the_result()
    {
        var driver = new ScriptedDriver { Result = o => o.Kind == IoKind.Sync ? -Errno.EIO : null };
        await EngineScenario.RunAsync(driver, async s =>
        {
            s.Faults.Expect(fault => fault is Akka.Event.Error);
            var told = await Three().RunWith(FileSink.ToFile(s.PathOf("out")), s.System.Materializer());
            Assert.False(told.WasSuccessful);
            Assert.Equal(3, told.Count);
            Assert.Equal(FailureReason.SyncFailed, Assert.IsType<FileEngineException>(told.Error).Reason);
        });
    }

    [Fact]
    public async Task It_syncs_whenever_so_many_bytes_are_written()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async s =>
        {
            var options = new FileSinkOptions { SyncEveryBytes = 40_000, OnFinish = Durability.None };
            await Source.From(Enumerable.Range(0, 10)).Select(i => Element(Text.Pattern(20_000, i)))
                .RunWith(FileSink.ToFile(s.PathOf("out"), options), s.System.Materializer());
            Assert.Equal(Enumerable.Repeat(IoKind.DataSync, 5), Syncs(driver));
        });
    }

    [Fact]
    public async Task It_syncs_at_an_interval_while_something_was_written()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async s =>
        {
            var options = new FileSinkOptions
            {
                SyncEvery = TimeSpan.FromMilliseconds(5), SyncScope = SyncScope.All, OnFinish = Durability.None,
            };
            var (input, result) = Run(s, options);
            await input.OfferAsync(Element(Text.Bytes("a")));
            await s.UntilAsync(() => Syncs(driver).Count() == 1);
            await input.OfferAsync(Element(Text.Bytes("b")));
            await s.UntilAsync(() => Syncs(driver).Count() == 2);
            input.Complete();
            await result;
            Assert.Equal([IoKind.Sync, IoKind.Sync], Syncs(driver));
        });
    }

    [Fact]
    public async Task A_signal_flushes_what_the_sink_has_taken()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async s =>
        {
            var signal = new FlushSignal();
            await Assert.ThrowsAsync<InvalidOperationException>(() => signal.FlushAsync());
            var options = new FileSinkOptions { FlushSignal = signal, OnFinish = Durability.None };
            var (input, result) = Run(s, options);
            await input.OfferAsync(Element(Text.Bytes("abc")));
            await s.UntilAsync(() => File.Exists(s.PathOf("out")) && s.ContentOf("out") == "abc");
            await signal.FlushAsync(Durability.None);
            Assert.Empty(Syncs(driver));
            await signal.FlushAsync();
            await signal.FlushAsync(Durability.Sync);
            Assert.Equal([IoKind.DataSync, IoKind.Sync], Syncs(driver));
            input.Complete();
            await result;
            await Assert.ThrowsAsync<InvalidOperationException>(() => signal.FlushAsync());

            // Free for the next run.
            (input, result) = Run(s, options);
            input.Complete();
            await result;
        });
    }

    [Fact]
    public Task A_signal_serves_one_running_sink() => EngineScenario.RunAsync("sync", async s =>
    {
        var options = new FileSinkOptions { FlushSignal = new FlushSignal() };
        var (input, result) = Run(s, options);
        await s.UntilAsync(() => File.Exists(s.PathOf("out")), "the first has the signal");
        var second = Three().RunWith(FileSink.ToFile(s.PathOf("other"), options), s.System.Materializer());
        await Assert.ThrowsAsync<InvalidOperationException>(() => second.WaitAsync(EngineScenario.Patience));
        input.Complete();
        Assert.True((await result).WasSuccessful);
    });

    [Fact]
    public async Task A_flush_that_waits_fails_with_the_write_before_it()
    {
        var driver = new ScriptedDriver { Script = o => o.Kind == IoKind.Write ? Play.Hold : Play.Perform };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var signal = new FlushSignal();
            var (input, result) = Run(s, new FileSinkOptions { FlushSignal = signal });
            await input.OfferAsync(Element(Text.Bytes("abc")));
            await s.UntilAsync(() => driver.HeldCount == 1);
            var flush = signal.FlushAsync();
            driver.ReleaseOldest(-Errno.EIO);
            var failure = await Assert.ThrowsAsync<FileEngineException>(
                () => flush.WaitAsync(EngineScenario.Patience));
            Assert.Equal(FailureReason.IoError, failure.Reason);
            Assert.False((await result).WasSuccessful);
        });
    }

    private static ReadOnlyMemory<byte> Element(byte[] bytes) => bytes;

    private static Source<ReadOnlyMemory<byte>, Akka.NotUsed> Three() =>
        Source.From(["a", "b", "c"]).Select(Text.Bytes).Select(Element);

    private static IEnumerable<IoKind> Syncs(ScriptedDriver driver) =>
        driver.Submitted.Where(kind => kind is IoKind.Sync or IoKind.DataSync);

    private static (ISourceQueueWithComplete<ReadOnlyMemory<byte>> Input, Task<IOResult> Result) Run(
        EngineScenario s, FileSinkOptions options)
    {
        var (input, result) = Source.Queue<ReadOnlyMemory<byte>>(4, OverflowStrategy.Backpressure)
            .ToMaterialized(FileSink.ToFile(s.PathOf("out"), options), Keep.Both).Run(s.System.Materializer());
        return (input, result.WaitAsync(EngineScenario.Patience));
    }
}
