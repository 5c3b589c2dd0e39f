using Actors.Engine.Drivers;
using Actors.Engine.Streams;
using Actors.Engine.Tests.Scenario;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.IO;
using Xunit;

namespace Actors.Engine.Tests.Streams;

public sealed class FileSinkSpec
{
    [SkippableTheory]
    [InlineData("sync", 1, 100_000)]
    [InlineData("sync", 100, 3_000)]
    [InlineData("sync", 65_536, 40)]
    [InlineData("sync", 1 << 20, 5)]
    [InlineData("io-uring", 65_536, 40)]
    [InlineData("io-uring", 700, 5_000)]
    [InlineData("thread-pool", 700, 5_000)]
    public Task Elements_of_any_size_are_written_in_order(string backend, int size, int count) =>
        EngineScenario.RunAsync(backend, async s =>
        {
            var elements = Enumerable.Range(0, count).Select(i => Text.Pattern(size, i)).ToArray();
            var told = await WriteAsync(s, Source.From(elements).Select(Element));
            Assert.True(told.WasSuccessful);
            Assert.Equal((long)size * count, told.Count);
            Assert.Equal(elements.SelectMany(e => e), await File.ReadAllBytesAsync(s.PathOf("out")));
        });

    [Fact]
    public Task An_empty_stream_leaves_an_empty_file() => EngineScenario.RunAsync("sync", async s =>
    {
        s.Given("out", "old");
        var told = await WriteAsync(s, Source.Empty<ReadOnlyMemory<byte>>());
        Assert.True(told.WasSuccessful);
        Assert.Equal("", s.ContentOf("out"));
    });

    [Theory]
    [InlineData(OpenMode.Write, null, "new")]
    [InlineData(OpenMode.Write, 2L, "\0\0new")]
    [InlineData(OpenMode.Append, null, "0123456789new")]
    [InlineData(OpenMode.ReadWrite, null, "0123456789new")]
    [InlineData(OpenMode.ReadWrite, 0L, "new3456789")]
    [InlineData(OpenMode.ReadWrite, 4L, "0123new789")]
    public Task Modes_and_positions(OpenMode mode, long? position, string expected) =>
        EngineScenario.RunAsync("sync", async s =>
        {
            s.Given("out", "0123456789");
            var options = new FileSinkOptions { Mode = mode, StartPosition = position };
            var told = await WriteAsync(s, Source.From(["n", "e", "w"]).Select(Text.Bytes).Select(Element), options);
            Assert.Equal(3, told.Count);
            Assert.Equal(expected, s.ContentOf("out"));
        });

    [Fact]
    public Task A_file_that_cannot_be_opened_fails_the_result_and_cancels_upstream() =>
        EngineScenario.RunAsync("sync", async s =>
        {
            s.Given("out");
            var (ended, result) = Source.Maybe<ReadOnlyMemory<byte>>().WatchTermination((_, task) => task)
                .ToMaterialized(
                    FileSink.ToFile(s.PathOf("out"), new FileSinkOptions { Mode = OpenMode.CreateNew }), Keep.Both)
                .Run(s.System.Materializer());
            var failure = await Assert.ThrowsAsync<FileEngineException>(
                () => result.WaitAsync(EngineScenario.Patience));
            Assert.Equal(FailureReason.AlreadyExists, failure.Reason);
            await Assert.ThrowsAnyAsync<Exception>(() => ended.WaitAsync(EngineScenario.Patience));
        });

    [Fact]
    public async Task Upstream_is_asked_for_no_more_than_the_credits_have_room_for()
    {
        var driver = new ScriptedDriver { Script = o => o.Kind == IoKind.Write ? Play.Hold : Play.Perform };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var made = 0;
            var result = Source.From(Enumerable.Range(0, 100)).Select(i =>
                {
                    Interlocked.Increment(ref made);
                    return Element(Text.Pattern(16 << 10, i));
                })
                .RunWith(FileSink.ToFile(s.PathOf("out")), s.System.Materializer());
            await s.UntilAsync(() => driver.HeldCount == 1 && Volatile.Read(ref made) == 4);
            await s.CollectAsync();
            Assert.Equal(4, made);
            Assert.Equal(1, driver.HeldCount);
            driver.ReleaseAll();
            Assert.Equal(100 * (16 << 10), (await result.WaitAsync(EngineScenario.Patience)).Count);
        }, "actors.engine.file.credit-bytes = 64KiB");
    }

    [Fact]
    public async Task Small_elements_that_wait_are_written_together()
    {
        var driver = new ScriptedDriver { Script = o => o.Kind == IoKind.Write ? Play.Hold : Play.Perform };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var made = 0;
            var result = Source.From(Enumerable.Range(0, 100)).Select(i =>
                {
                    Interlocked.Increment(ref made);
                    return Element(Text.Pattern(100, i));
                })
                .RunWith(FileSink.ToFile(s.PathOf("out")), s.System.Materializer());
            await s.UntilAsync(() => driver.HeldCount == 1 && Volatile.Read(ref made) == 100);
            driver.ReleaseAll();
            Assert.Equal(10_000, (await result.WaitAsync(EngineScenario.Patience)).Count);
            Assert.Equal(2, driver.Submitted.Count(kind => kind == IoKind.Write));
        });
    }

    [Fact]
    public async Task A_write_that_fails_ends_everything_and_nothing_is_written_behind_it()
    {
        var driver = new ScriptedDriver();
        var writes = 0;
        driver.Result = o => o.Kind == IoKind.Write && ++writes == 3 ? -Errno.ENOSPC : null;
        await EngineScenario.RunAsync(driver, async s =>
        {
            var (ended, result) = Source.Repeat(Element(Text.Pattern(64 << 10))).WatchTermination((_, task) => task)
                .ToMaterialized(FileSink.ToFile(s.PathOf("out")), Keep.Both).Run(s.System.Materializer());
            var told = await result.WaitAsync(EngineScenario.Patience);
            Assert.False(told.WasSuccessful);
            Assert.Equal(2 * (64 << 10), told.Count);
            Assert.Equal(FailureReason.NoSpace, Assert.IsType<FileEngineException>(told.Error).Reason);
            Assert.Equal(2 * (64 << 10), new FileInfo(s.PathOf("out")).Length);
            Assert.DoesNotContain(IoKind.Sync, driver.Submitted);
            await Assert.ThrowsAnyAsync<Exception>(() => ended.WaitAsync(EngineScenario.Patience));
        });
    }

    [Fact]
    public Task A_failure_of_upstream_is_told_after_what_came_before_it_is_written() =>
        EngineScenario.RunAsync("sync", async s =>
        {
            var cause = new InvalidOperationException("upstream");
            var source = Source.From(Enumerable.Range(0, 10))
                .Select(i => i < 9 ? Element(Text.Pattern(50_000, i)) : throw cause);
            var failure = await Assert.ThrowsAsync<AbruptIOTerminationException>(() => WriteAsync(s, source));
            Assert.Same(cause, failure.InnerException);
            Assert.Equal(9 * 50_000, failure.IoResult.Count);
            Assert.Equal(9 * 50_000, new FileInfo(s.PathOf("out")).Length);
        });

    [Fact]
    public async Task Shutting_the_materializer_down_closes_the_file()
    {
        var driver = new ScriptedDriver { Script = o => o.Kind == IoKind.Write ? Play.Hold : Play.Perform };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var materializer = ActorMaterializer.Create(s.System);
            var result = Source.Repeat(Element(Text.Pattern(100))).RunWith(
                FileSink.ToFile(s.PathOf("out")), materializer);
            await s.UntilAsync(() => driver.HeldCount == 1);
            materializer.Shutdown();
            driver.ReleaseAll();
            await Assert.ThrowsAsync<AbruptIOTerminationException>(() => result.WaitAsync(EngineScenario.Patience));
        });
    }

    [Fact]
    public Task An_engine_that_stops_under_the_stream_fails_the_result() => EngineScenario.RunAsync("sync", async s =>
    {
        var engine = FileEngine.Start();
        var result = Source.Repeat(Element(Text.Pattern(1000))).RunWith(
            FileSink.ToFile(s.PathOf("out"), new FileSinkOptions { Engine = engine }), s.System.Materializer());
        await s.UntilAsync(() => File.Exists(s.PathOf("out")) && new FileInfo(s.PathOf("out")).Length > 100_000);
        await engine.DisposeAsync();
        var told = await result.WaitAsync(EngineScenario.Patience);
        Assert.False(told.WasSuccessful);
        Assert.Equal(new FileInfo(s.PathOf("out")).Length, told.Count);
    });

    [Fact]
    public void What_is_out_of_range_is_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => FileSink.ToFile(""));
        Assert.Throws<ArgumentException>(() => FileSink.ToFile("f", new() { Mode = OpenMode.Read }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSink.ToFile("f", new() { StartPosition = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSink.ToFile("f", new() { SyncEveryBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSink.ToFile("f", new() { SyncEvery = TimeSpan.Zero }));
    }

    private static ReadOnlyMemory<byte> Element(byte[] bytes) => bytes;

    private static Task<IOResult> WriteAsync(
        EngineScenario s, Source<ReadOnlyMemory<byte>, NotUsed> source, FileSinkOptions? options = null) =>
        source.RunWith(FileSink.ToFile(s.PathOf("out"), options), s.System.Materializer())
            .WaitAsync(EngineScenario.Patience);
}
