using Actors.Engine.Drivers;
using Actors.Engine.Streams;
using Actors.Engine.Tests.Scenario;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.IO;
using Xunit;

namespace Actors.Engine.Tests.Streams;

public sealed class FileSourceSpec
{
    private const int Chunk = 1 << 10;

    [SkippableTheory]
    [InlineData("sync", 0, 0)]
    [InlineData("sync", 1, 0)]
    [InlineData("sync", 100_000, 0)]
    [InlineData("sync", 65_536, 0)]
    [InlineData("sync", 100_000, 12_345)]
    [InlineData("sync", 1000, 1000)]
    [InlineData("sync", 1000, 5000)]
    [InlineData("io-uring", 1_000_000, 1)]
    [InlineData("thread-pool", 1_000_000, 1)]
    public Task It_emits_the_content_and_tells_how_much(string backend, int size, int start) =>
        EngineScenario.RunAsync(backend, async s =>
        {
            var content = Text.Pattern(size);
            var path = s.Given("in", content);
            var options = new FileSourceOptions { ChunkSize = 4096, StartPosition = start };
            var (result, chunks) = Collect(s, FileSource.FromFile(path, options));
            var all = (await chunks).SelectMany(chunk => chunk.ToArray()).ToArray();
            Assert.Equal(content.Skip(start), all);
            Assert.All((await chunks).SkipLast(1), chunk => Assert.Equal(4096, chunk.Length));
            var told = await result;
            Assert.True(told.WasSuccessful);
            Assert.Equal(all.Length, told.Count);
        });

    [SkippableFact]
    public Task Direct_reading_needs_nothing_of_the_receiver() => EngineScenario.RunAsync("sync", async s =>
    {
        var content = Text.Pattern(300_001);
        var path = Path.Combine(Environment.CurrentDirectory, $"{Guid.NewGuid():n}.direct");
        await File.WriteAllBytesAsync(path, content);
        try
        {
            var options = new FileSourceOptions
            {
                ChunkSize = 5000, StartPosition = 777, File = new OpenOptions { Direct = true },
            };
            var (_, chunks) = Collect(s, FileSource.FromFile(path, options));
            Assert.Equal(content.Skip(777), (await chunks).SelectMany(chunk => chunk.ToArray()));
        }
        catch (FileEngineException e)
        {
            Skip.If(e.Reason is FailureReason.NotSupported or FailureReason.InvalidArgument, e.Message);
            throw;
        }
        finally
        {
            File.Delete(path);
        }
    });

    [Fact]
    public async Task Nothing_is_read_before_the_first_demand_nor_beyond_the_read_ahead()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async s =>
        {
            var path = s.Given("in", Text.Pattern(100 * Chunk));
            var (result, probe) = Run(s, path, readAhead: 3);
            await s.UntilAsync(() => driver.Submitted.Contains(IoKind.Open));
            Assert.Equal(0, await ReadsAsync(s, driver));

            var first = await probe.PullAsync();
            Assert.Equal(Text.Pattern(100 * Chunk)[..Chunk], first.ToArray());
            Assert.InRange(await ReadsAsync(s, driver), 1, 4);
            for (var taken = 2; taken <= 20; taken++)
            {
                await probe.PullAsync();
                Assert.InRange(await ReadsAsync(s, driver), taken, taken + 3);
            }

            await probe.CancelAsync();
            var told = await result;
            Assert.True(told.WasSuccessful);
            Assert.Equal(20 * Chunk, told.Count);
        });
    }

    [Fact]
    public async Task Without_read_ahead_each_chunk_is_read_when_it_is_asked_for()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async s =>
        {
            var (result, probe) = Run(s, s.Given("in", Text.Pattern(3 * Chunk)), readAhead: 0);
            for (var taken = 1; taken <= 3; taken++)
            {
                Assert.Equal(Chunk, (await probe.PullAsync()).Length);
                Assert.Equal(taken, await ReadsAsync(s, driver));
            }

            await Assert.ThrowsAnyAsync<Exception>(probe.PullAsync);
            Assert.Equal(3 * Chunk, (await result).Count);
        });
    }

    [Fact]
    public async Task Reads_that_come_back_in_another_order_are_emitted_in_the_order_of_the_file()
    {
        var driver = new ScriptedDriver { Script = o => o.Kind == IoKind.Read ? Play.Hold : Play.Perform };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var content = Text.Pattern(3 * Chunk);
            var (result, probe) = Run(s, s.Given("in", content), readAhead: 3);
            var first = probe.PullAsync();
            await s.UntilAsync(() => driver.HeldCount == 4);
            driver.ReleaseNewest();
            driver.ReleaseNewest();
            driver.ReleaseAll();
            Assert.Equal(content[..Chunk], (await first).ToArray());
            Assert.Equal(content[Chunk..(2 * Chunk)], (await probe.PullAsync()).ToArray());
            Assert.Equal(content[(2 * Chunk)..], (await probe.PullAsync()).ToArray());
            await Assert.ThrowsAnyAsync<Exception>(probe.PullAsync);
            Assert.True((await result).WasSuccessful);
        });
    }

    [Fact]
    public async Task A_cancel_while_reads_are_under_way_closes_the_file_once_they_are_back()
    {
        var driver = new ScriptedDriver { Script = o => o.Kind == IoKind.Read ? Play.Hold : Play.Perform };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var (result, probe) = Run(s, s.Given("in", Text.Pattern(10 * Chunk)), readAhead: 3);
            _ = probe.PullAsync();
            await s.UntilAsync(() => driver.HeldCount > 0);
            await probe.CancelAsync();
            driver.ReleaseAll();
            var told = await result;
            Assert.True(told.WasSuccessful);
            Assert.Equal(0, told.Count);
            Assert.Contains(IoKind.Close, driver.Submitted);
        });
    }

    [Fact]
    public async Task A_read_that_fails_fails_the_stream_after_what_was_read_before()
    {
        var driver = new ScriptedDriver
        {
            Result = o => o.Kind == IoKind.Read && o.Offset == 2 * Chunk ? -Errno.EIO : null,
        };
        await EngineScenario.RunAsync(driver, async s =>
        {
            var (result, probe) = Run(s, s.Given("in", Text.Pattern(10 * Chunk)), readAhead: 3);
            await probe.PullAsync();
            await probe.PullAsync();
            var failure = await Assert.ThrowsAnyAsync<Exception>(probe.PullAsync);
            Assert.Contains(FailureReason.IoError.ToString(), $"{ReasonOf(failure)}");
            var told = await result;
            Assert.False(told.WasSuccessful);
            Assert.Equal(2 * Chunk, told.Count);
            Assert.Equal(FailureReason.IoError, Assert.IsType<FileEngineException>(told.Error).Reason);
        });
    }

    [Fact]
    public Task A_missing_file_fails_the_stream_and_the_result() => EngineScenario.RunAsync("sync", async s =>
    {
        var (result, chunks) = Collect(s, FileSource.FromFile(s.PathOf("missing")));
        var failure = await Assert.ThrowsAsync<FileEngineException>(() => result);
        Assert.Equal(FailureReason.NotFound, failure.Reason);
        Assert.Equal(s.PathOf("missing"), failure.Path);
        await Assert.ThrowsAsync<FileEngineException>(() => chunks);
    });

    [Fact]
    public Task Shutting_the_materializer_down_closes_the_file() => EngineScenario.RunAsync("sync", async s =>
    {
        var materializer = ActorMaterializer.Create(s.System);
        var path = s.Given("in", Text.Pattern(100 * Chunk));
        var (result, probe) = FileSource.FromFile(path, new FileSourceOptions { ChunkSize = Chunk })
            .ToMaterialized(new PullProbe<ReadOnlyMemory<byte>>(), Keep.Both).Run(materializer);
        await probe.PullAsync();
        materializer.Shutdown();
        var failure = await Assert.ThrowsAsync<AbruptIOTerminationException>(() => result);
        Assert.Equal(Chunk, failure.IoResult.Count);
    });

    [Fact]
    public Task An_engine_that_stops_under_the_stream_fails_it() => EngineScenario.RunAsync("sync", async s =>
    {
        var path = s.Given("in", Text.Pattern(100 * Chunk));
        var engine = FileEngine.Start();
        var options = new FileSourceOptions { ChunkSize = Chunk, ReadAhead = 1, Engine = engine };
        var (result, probe) = FileSource.FromFile(path, options)
            .ToMaterialized(new PullProbe<ReadOnlyMemory<byte>>(), Keep.Both).Run(s.System.Materializer());
        await probe.PullAsync();
        await engine.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (var more = 0; more < 100; more++)
            {
                await probe.PullAsync();
            }
        });
        Assert.False((await result).WasSuccessful);
    });

    [Fact]
    public void What_is_out_of_range_is_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => FileSource.FromFile(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSource.FromFile("f", new() { ChunkSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSource.FromFile("f", new() { ReadAhead = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSource.FromFile("f", new() { StartPosition = -1 }));
    }

    private static FailureReason? ReasonOf(Exception failure) =>
        (failure as FileEngineException ?? failure.InnerException as FileEngineException)?.Reason;

    private static (Task<IOResult> Result, Task<IReadOnlyList<ReadOnlyMemory<byte>>> Chunks) Collect(
        EngineScenario s, Source<ReadOnlyMemory<byte>, Task<IOResult>> source)
    {
        var (result, chunks) = source
            .ToMaterialized(Sink.Seq<ReadOnlyMemory<byte>>(), Keep.Both).Run(s.System.Materializer());
        return (
            result.WaitAsync(EngineScenario.Patience),
            chunks.WaitAsync(EngineScenario.Patience).ContinueWith(
                task => (IReadOnlyList<ReadOnlyMemory<byte>>)task.GetAwaiter().GetResult(),
                TaskContinuationOptions.ExecuteSynchronously));
    }

    private static (Task<IOResult> Result, PullProbe<ReadOnlyMemory<byte>>.Control Probe) Run(
        EngineScenario s, string path, int readAhead)
    {
        var options = new FileSourceOptions { ChunkSize = Chunk, ReadAhead = readAhead };
        var (result, probe) = FileSource.FromFile(path, options)
            .ToMaterialized(new PullProbe<ReadOnlyMemory<byte>>(), Keep.Both).Run(s.System.Materializer());
        return (result.WaitAsync(EngineScenario.Patience), probe);
    }

    /// <summary>Reads asked of the driver, once the engine has nothing to do.</summary>
    private static async Task<int> ReadsAsync(EngineScenario s, ScriptedDriver driver)
    {
        await s.CollectAsync();
        return driver.Submitted.Count(kind => kind == IoKind.Read);
    }
}
