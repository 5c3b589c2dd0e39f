using Actors.Engine.Drivers;
using Actors.Engine.Streams;
using Actors.Engine.Tests.Scenario;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.IO;
using Xunit;

namespace Actors.Engine.Tests.Streams;

/// <summary>What ends a stream before its time: the result is told once nothing is done to the file any more, and counts
/// what is in it.</summary>
public sealed class StreamEndSpec
{
    private const string OneFile = "actors.engine.coordinator.open-files-max = 1";

    [Fact]
    public Task Sources_that_read_far_ahead_end_with_the_engine() => EngineScenario.RunAsync("sync", async s =>
    {
        var path = s.Given("in", Text.Pattern(4 << 20));
        for (var round = 0; round < 40; round++)
        {
            var engine = FileEngine.Start(new FileEngineOptions { BackendName = "sync" });
            var options = new FileSourceOptions { ChunkSize = 1 << 10, ReadAhead = 256, Engine = engine };
            Task<IOResult>[] results = [.. Enumerable.Range(0, 24).Select(_ => FileSource.FromFile(path, options)
                .ToMaterialized(Sink.Ignore<ReadOnlyMemory<byte>>(), Keep.Left).Run(s.System.Materializer()))];
            Thread.SpinWait(round * 20_000);
            await engine.DisposeAsync().AsTask().WaitAsync(EngineScenario.Patience);
            await ((Task)Task.WhenAll(results)).WaitAsync(EngineScenario.Patience)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.All(results, result => Assert.True(result.IsCompleted));
        }
    });

    [Fact]
    public Task A_sink_that_ends_while_it_waits_for_a_descriptor_does_not_open_its_file_later() =>
        EngineScenario.RunAsync(
            "sync",
            async s =>
            {
                s.Given("out", "content");
                var first = await s.Engine.OpenAsync(s.PathOf("first"), OpenMode.Write);
                var materializer = ActorMaterializer.Create(s.System);
                var result = Never().RunWith(FileSink.ToFile(s.PathOf("out")), materializer);
                await s.UntilAsync(() => s.CollectAsync().GetAwaiter().GetResult().QueuedOpens == 1);
                materializer.Shutdown();
                var failure = await Assert.ThrowsAsync<AbruptIOTerminationException>(
                    () => result.WaitAsync(EngineScenario.Patience));
                Assert.Equal(0, failure.IoResult.Count);
                await first.DisposeAsync();
                await (await s.Engine.OpenAsync(s.PathOf("next"), OpenMode.Write)).DisposeAsync();
                Assert.Equal("content", s.ContentOf("out"));
            },
            OneFile);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_is_told_when_the_kernel_has_given_the_open_back(bool isSink)
    {
        using var calls = new HeldCalls { Holds = operation => operation.Kind == IoKind.Open };
        await EngineScenario.RunAsync(
            "thread-pool",
            async s =>
            {
                s.Given("file", "content");
                var materializer = ActorMaterializer.Create(s.System);
                var result = isSink
                    ? Never().RunWith(FileSink.ToFile(s.PathOf("file")), materializer)
                    : FileSource.FromFile(s.PathOf("file"))
                        .ToMaterialized(Sink.Ignore<ReadOnlyMemory<byte>>(), Keep.Left).Run(materializer);
                await s.UntilAsync(() => calls.Held == 1, "the open in the kernel");
                await ShutDownAsync(s, materializer);
                await s.CollectAsync();
                Assert.False(result.IsCompleted);
                calls.LetGo();
                await Assert.ThrowsAsync<AbruptIOTerminationException>(() => result.WaitAsync(EngineScenario.Patience));
                Assert.Equal("content", s.ContentOf("file"));
                await (await s.Engine.OpenAsync(s.PathOf("file"), OpenMode.Append)).DisposeAsync();
            },
            setups: calls.Setup);
    }

    [Fact]
    public Task A_source_that_is_cancelled_while_it_waits_for_a_descriptor_ends_at_once() =>
        EngineScenario.RunAsync(
            "sync",
            async s =>
            {
                var path = s.Given("in", "content");
                await using var first = await s.Engine.OpenAsync(s.PathOf("first"), OpenMode.Write);
                var (result, probe) = FileSource.FromFile(path)
                    .ToMaterialized(new PullProbe<ReadOnlyMemory<byte>>(), Keep.Both).Run(s.System.Materializer());
                await s.UntilAsync(() => s.CollectAsync().GetAwaiter().GetResult().QueuedOpens == 1);
                await probe.CancelAsync();
                var told = await result.WaitAsync(EngineScenario.Patience);
                Assert.True(told.WasSuccessful);
                Assert.Equal(0, told.Count);
            },
            OneFile);

    [Fact]
    public async Task A_sink_that_is_shut_down_counts_what_was_still_under_way()
    {
        var driver = new ScriptedDriver { Script = o => o.Kind == IoKind.Write ? Play.Hold : Play.Perform };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var materializer = ActorMaterializer.Create(s.System);
            var result = Source.Repeat(Element(Text.Pattern(100_000)))
                .RunWith(FileSink.ToFile(s.PathOf("out")), materializer);
            await s.UntilAsync(() => driver.HeldCount == 1);
            await ShutDownAsync(s, materializer);
            driver.ReleaseAll();
            var failure = await Assert.ThrowsAsync<AbruptIOTerminationException>(
                () => result.WaitAsync(EngineScenario.Patience));
            Assert.Equal(100_000, new FileInfo(s.PathOf("out")).Length);
            Assert.Equal(100_000, failure.IoResult.Count);
        });
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("thread-pool")]
    public Task A_sink_whose_actor_system_terminates_counts_what_is_in_the_file(string backend) =>
        EngineScenario.RunAsync(backend, async s =>
        {
            var result = Source.Repeat(Element(Text.Pattern(1000)))
                .RunWith(FileSink.ToFile(s.PathOf("out")), s.System.Materializer());
            await s.UntilAsync(() => File.Exists(s.PathOf("out")) && new FileInfo(s.PathOf("out")).Length > 100_000);
            await s.StopAsync();
            IOResult told;
            try
            {
                told = await result.WaitAsync(EngineScenario.Patience);
                Assert.False(told.WasSuccessful);
            }
            catch (AbruptIOTerminationException e)
            {
                told = e.IoResult;
            }

            Assert.Equal(new FileInfo(s.PathOf("out")).Length, told.Count);
        });

    [Fact]
    public async Task A_file_that_shrinks_and_grows_under_a_source_ends_it_without_a_gap()
    {
        const int Chunk = 1 << 10;
        var driver = new ScriptedDriver
        {
            Script = o => o is { Kind: IoKind.Read, Done: 0 } ? Play.Hold : Play.Perform,
        };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var content = Text.Pattern(4 * Chunk);
            var path = s.Given("in", content);
            var options = new FileSourceOptions { ChunkSize = Chunk, ReadAhead = 3 };
            var (result, chunks) = FileSource.FromFile(path, options)
                .ToMaterialized(Sink.Seq<ReadOnlyMemory<byte>>(), Keep.Both).Run(s.System.Materializer());
            await s.UntilAsync(() => driver.HeldCount == 4);
            await File.WriteAllBytesAsync(path, content[..(Chunk / 2)]);
            driver.ReleaseOldest();
            await s.UntilAsync(() => driver.Submitted.Count(kind => kind == IoKind.Read) == 5, "asked for the rest");
            await s.OnShardAsync(0, _ => true);
            await File.WriteAllBytesAsync(path, content);
            driver.ReleaseAll();
            Assert.Equal(
                content[..(Chunk / 2)],
                (await chunks.WaitAsync(EngineScenario.Patience)).SelectMany(chunk => chunk.ToArray()));
            Assert.Equal(Chunk / 2, (await result).Count);
        });
    }

    [Fact]
    public async Task Each_flush_that_fails_has_an_exception_of_its_own()
    {
        var driver = new ScriptedDriver { Script = o => o.Kind == IoKind.Write ? Play.Hold : Play.Perform };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var signal = new FlushSignal();
            var (input, result) = Source.Queue<ReadOnlyMemory<byte>>(4, OverflowStrategy.Backpressure)
                .ToMaterialized(
                    FileSink.ToFile(s.PathOf("out"), new FileSinkOptions { FlushSignal = signal }), Keep.Both)
                .Run(s.System.Materializer());
            await input.OfferAsync(Element(Text.Bytes("abc")));
            await s.UntilAsync(() => driver.HeldCount == 1);
            Task[] flushes = [signal.FlushAsync(), signal.FlushAsync()];
            driver.ReleaseOldest(-Errno.EIO);
            var first = await Assert.ThrowsAsync<FileEngineException>(() => flushes[0].WaitAsync(EngineScenario.Patience));
            var second = await Assert.ThrowsAsync<FileEngineException>(() => flushes[1].WaitAsync(EngineScenario.Patience));
            Assert.NotSame(first, second);
            Assert.Equal((FailureReason.IoError, Errno.EIO), (second.Reason, second.Errno));
            Assert.NotSame(first, (await result.WaitAsync(EngineScenario.Patience)).Error);
        });
    }

    /// <summary>Shuts down, and waits until the stages have heard of it.</summary>
    private static async Task ShutDownAsync(EngineScenario s, ActorMaterializer materializer)
    {
        var watcher = s.Probe("watcher");
        await watcher.WatchAsync(materializer.Supervisor);
        materializer.Shutdown();
        await watcher.ExpectTerminatedAsync(materializer.Supervisor);
    }

    private static ReadOnlyMemory<byte> Element(byte[] bytes) => bytes;

    private static Source<ReadOnlyMemory<byte>, TaskCompletionSource<ReadOnlyMemory<byte>>> Never() =>
        Source.Maybe<ReadOnlyMemory<byte>>();
}
