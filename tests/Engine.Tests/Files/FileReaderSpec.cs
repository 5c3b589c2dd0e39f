using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>A cursor's bytes and chunks, its position, and what is left of it when a call does not come to its end.
/// </summary>
public sealed class FileReaderSpec
{
    private const int Chunk = 4 << 10;

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Bytes_come_in_order_whatever_the_pieces(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            var content = Text.Pattern((5 * Chunk) + 123);
            var path = scenario.Given("a.bin", content);
            foreach (var piece in new[] { 1, 100, Chunk - 1, Chunk, Chunk + 1, 3 * Chunk, content.Length + 1 })
            {
                foreach (var ahead in new[] { true, false })
                {
                    await using var reader = await scenario.Engine.OpenReaderAsync(
                        path, new FileReaderOptions { ChunkSize = Chunk, ReadAhead = ahead });
                    Assert.Equal(content, await ReadInPiecesAsync(reader, piece));
                    Assert.Equal(content.Length, reader.Position);
                    Assert.Equal(0, await reader.ReadAsync(new byte[1]));
                }
            }
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Chunks_and_the_rest_go_on_where_bytes_stopped(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            var content = Text.Pattern((3 * Chunk) + 10);
            await using var reader = await scenario.Engine.OpenReaderAsync(
                scenario.Given("a.bin", content), new FileReaderOptions { ChunkSize = Chunk });
            Assert.Equal(100, await reader.ReadAsync(new byte[100]));
            Assert.Equal(content[100..Chunk], (await reader.ReadChunkAsync()).ToArray());
            await foreach (var chunk in reader.ReadChunksAsync())
            {
                Assert.Equal(content[Chunk..(2 * Chunk)], chunk.ToArray());
                break;
            }

            Assert.Equal(2 * Chunk, reader.Position);
            Assert.Equal(content[(2 * Chunk)..], await reader.ReadToEndAsync());
            Assert.Empty(await reader.ReadToEndAsync());
            Assert.True((await reader.ReadChunkAsync()).IsEmpty);
        });

    [Fact]
    public Task A_thousand_readers_share_the_memory_for_their_chunks() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            const int Readers = 1000;
            var path = scenario.Given("a.txt", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n")));
            var readers = new List<FileReader>();
            for (var i = 0; i < Readers; i++)
            {
                readers.Add(await scenario.Engine.OpenReaderAsync(path));
            }

            foreach (var reader in readers)
            {
                Assert.Equal("line 0", await reader.ReadLineAsync());
            }

            Assert.InRange(scenario.Engine.Buffers.LentBytes, 1, (1 << 20) + (Readers * 2 * 4096L));
            foreach (var reader in readers)
            {
                reader.Position = new FileInfo(path).Length - 12;
                Assert.Equal(["", "line 19999"], await reader.ReadLinesAsync().ToListAsync());
            }

            Assert.Equal(0, scenario.Engine.Buffers.LentBytes);
            foreach (var reader in readers)
            {
                await reader.DisposeAsync();
            }
        },
        "actors.engine.file.credit-bytes-total = 1MiB");

    [Theory]
    [InlineData(true, 4096)]
    [InlineData(false, 8192)]
    public Task A_large_read_takes_what_is_on_its_way_and_else_goes_past_the_chunks(bool readAhead, int expected) =>
        EngineScenario.RunAsync("sync", async scenario =>
        {
            var content = Text.Pattern(10 * 4096);
            await using var reader = await scenario.Engine.OpenReaderAsync(
                scenario.Given("a.bin", content), new FileReaderOptions { ChunkSize = 4096, ReadAhead = readAhead });
            Assert.Equal(4096, (await reader.ReadChunkAsync()).Length);
            var bytes = new byte[8192];
            Assert.Equal(expected, await reader.ReadAsync(bytes));
            Assert.Equal(content.AsSpan(4096, expected), bytes.AsSpan(0, expected));
        });

    [Fact]
    public async Task After_a_jump_it_reads_ahead_again()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            int Reads() => driver.Submitted.Count(kind => kind == IoKind.Read);
            var path = scenario.Given("a.bin", Text.Pattern(10 * 4096));
            await using var reader = await scenario.Engine.OpenReaderAsync(path, new FileReaderOptions { ChunkSize = 4096 });
            reader.Position = 5 * 4096;
            Assert.Equal(4096, (await reader.ReadChunkAsync()).Length);

            // What the reader has asked for comes before this.
            await reader.File.ReadAsync(0, new byte[1]);
            Assert.Equal(2, Reads());
            Assert.Equal(4096, (await reader.ReadChunkAsync()).Length);
            await reader.File.ReadAsync(0, new byte[1]);
            Assert.Equal(5, Reads());
        });
    }

    [Fact]
    public Task Disposed_of_or_at_the_end_it_has_no_memory() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var path = scenario.Given("a.txt", new string('x', 5000) + '\n' + new string('y', 5000));
        await using var file = await scenario.Engine.OpenAsync(path, OpenMode.Read);
        var reader = file.CreateReader(new FileReaderOptions { ChunkSize = 4096 });
        Assert.Equal(new string('x', 5000), await reader.ReadLineAsync());
        Assert.NotEqual(0, scenario.Engine.Buffers.LentBytes);
        await reader.DisposeAsync();
        await scenario.UntilAsync(() => scenario.Engine.Buffers.LentBytes == 0, "the chunk that was on its way back");

        reader = file.CreateReader(new FileReaderOptions { ChunkSize = 4096 });
        Assert.Equal(new string('x', 5000), await reader.ReadLineAsync());
        var rest = 0;
        while (await reader.ReadChunkAsync() is { IsEmpty: false } chunk)
        {
            rest += chunk.Length;
        }

        Assert.Equal((5000, 0L), (rest, scenario.Engine.Buffers.LentBytes));
        await reader.DisposeAsync();
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rest_that_could_not_be_read_is_read_by_the_next_call(bool asText)
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var content = Text.Pattern(10 * Chunk);
            await using var reader = await scenario.Engine.OpenReaderAsync(
                scenario.Given("a.bin", content),
                new FileReaderOptions { ChunkSize = Chunk, Encoding = System.Text.Encoding.Latin1 });
            Assert.Equal(100, await reader.ReadAsync(new byte[100]));
            driver.Result = operation => operation.Offset > 0 ? -Errno.EIO : null;
            var failed = await Assert.ThrowsAsync<FileEngineException>(RestAsync);
            Assert.Equal((FailureReason.IoError, 100), (failed.Reason, reader.Position));
            driver.Result = _ => null;
            driver.Script = operation => operation.Offset > 0 ? Play.Hold : Play.Perform;
            using var cancellation = new CancellationTokenSource();
            var cancelled = reader.ReadToEndAsync(cancellation.Token).AsTask();
            await scenario.UntilAsync(() => driver.HeldCount > 0, "the rest in the kernel");
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            Assert.Equal(100, reader.Position);
            driver.Script = _ => Play.Perform;
            driver.ReleaseAll();
            Assert.Equal(content[100..], await RestAsync());

            async Task<byte[]> RestAsync() => asText
                ? System.Text.Encoding.Latin1.GetBytes(await reader.ReadTextToEndAsync())
                : await reader.ReadToEndAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_position_may_be_set_anywhere(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var content = Text.Pattern(6 * Chunk);
        await using var reader = await scenario.Engine.OpenReaderAsync(
            scenario.Given("a.bin", content), new FileReaderOptions { ChunkSize = Chunk });
        var random = new Random(1);
        var bytes = new byte[2 * Chunk];
        for (var i = 0; i < 200; i++)
        {
            var position = random.Next(content.Length + Chunk);
            var length = random.Next(1, bytes.Length);
            reader.Position = position;
            Assert.Equal(position, reader.Position);
            var count = await reader.ReadAsync(bytes.AsMemory(0, length));
            var expected = content.AsSpan(Math.Min(position, content.Length));
            Assert.True(count > 0 || expected.IsEmpty);
            Assert.True(expected[..count].SequenceEqual(bytes.AsSpan(0, count)));
            Assert.Equal(position + count, reader.Position);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Position = -1);
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task What_is_appended_is_read_by_later_calls(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            var first = Text.Pattern((2 * Chunk) + 5);
            var path = scenario.Given("a.bin", first);
            await using var reader = await scenario.Engine.OpenReaderAsync(
                path, new FileReaderOptions { ChunkSize = Chunk });

            // The second chunk, and the end, may be on their way already.
            await reader.ReadChunkAsync();
            await reader.ReadChunkAsync();
            await File.AppendAllTextAsync(path, "more");
            var rest = await ReadInPiecesAsync(reader, 1000);
            Assert.Equal([.. first[(2 * Chunk)..], .. "more"u8], rest);
            Assert.Equal(0, await reader.ReadAsync(new byte[10]));
            await File.AppendAllTextAsync(path, "again");
            Assert.Equal("again"u8.ToArray(), await ReadInPiecesAsync(reader, 1000));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Cursors_over_one_file_are_independent(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            var content = Text.Pattern(20 * Chunk);
            await using var file = await scenario.Engine.OpenAsync(scenario.Given("a.bin", content), OpenMode.Read);
            var readers = Enumerable.Range(0, 8)
                .Select(_ => file.CreateReader(new FileReaderOptions { ChunkSize = Chunk })).ToArray();
            var read = await Task.WhenAll(readers.Select((reader, i) => ReadInPiecesAsync(reader, 1000 + i)));
            Assert.All(read, bytes => Assert.Equal(content, bytes));
            readers[0].Position = 777;
            await readers[0].ReadAsync(new byte[10]);
            await using var clone = readers[0].Clone();
            Assert.Equal(787, clone.Position);
            Assert.Equal(content[787..], await clone.ReadToEndAsync());
            Assert.Equal(787, readers[0].Position);
            foreach (var reader in readers)
            {
                await reader.DisposeAsync();
            }

            Assert.Equal(1, await file.ReadAsync(0, new byte[1]));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Direct_reading_needs_no_thought_of_alignment(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            var content = Text.Pattern((3 * Chunk) + 77);
            var path = scenario.Given("a.bin", content);
            FileReader reader;
            try
            {
                reader = await scenario.Engine.OpenReaderAsync(path, new FileReaderOptions
                {
                    ChunkSize = Chunk + 1, File = new OpenOptions { Direct = true },
                });
            }
            catch (FileEngineException e) when (e.Reason == FailureReason.NotSupported)
            {
                throw new SkipException(e.Message);
            }

            await using (reader)
            {
                Assert.Equal(content, await ReadInPiecesAsync(reader, 1000));
                reader.Position = 5001;
                Assert.Equal(content[5001..], await reader.ReadToEndAsync());
                await File.AppendAllTextAsync(path, "more");
                Assert.Equal("more"u8.ToArray(), await reader.ReadToEndAsync());
            }
        });

    [Fact]
    public async Task A_second_call_at_a_time_is_refused_and_the_first_is_none_the_worse()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            await using var reader = await scenario.Engine.OpenReaderAsync(scenario.Given("a.txt", "one\ntwo\n"));
            driver.Script = _ => Play.Hold;
            var first = reader.ReadLineAsync();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the read in the kernel");
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadLineAsync());
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync(new byte[1]));
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadChunkAsync());
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.FillAsync());
            Assert.Throws<InvalidOperationException>(() => reader.TryReadLine(out _));
            Assert.Throws<InvalidOperationException>(() => reader.Position = 0);
            Assert.Throws<InvalidOperationException>(() => reader.Clone());
            Assert.Throws<InvalidOperationException>(() => reader.ReadByteLinesAsync().GetAsyncEnumerator());
            driver.ReleaseAll();
            Assert.Equal("one", await first);
            await foreach (var line in reader.ReadByteLinesAsync())
            {
                Assert.Equal("two", Text.Of(line));
                await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadLineAsync());
            }

            Assert.Null(await reader.ReadLineAsync());
        });
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_and_loses_nothing()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var content = Text.Pattern((2 * Chunk) + 10);
            await using var reader = await scenario.Engine.OpenReaderAsync(
                scenario.Given("a.bin", content), new FileReaderOptions { ChunkSize = Chunk });
            driver.Script = _ => Play.Hold;
            using var cancellation = new CancellationTokenSource();
            var cancelled = reader.ReadChunkAsync(cancellation.Token).AsTask();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the read in the kernel");
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            Assert.Equal(0, reader.Position);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await reader.ReadAsync(new byte[1], cancellation.Token));
            driver.ReleaseAll();
            Assert.Equal(content, await ReadInPiecesAsync(reader, 1000));
        });
    }

    [Fact]
    public async Task A_failed_read_is_told_and_tried_again_by_the_next_call()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var content = Text.Pattern(3 * Chunk);
            await using var reader = await scenario.Engine.OpenReaderAsync(
                scenario.Given("a.bin", content), new FileReaderOptions { ChunkSize = Chunk });
            await reader.ReadAsync(new byte[Chunk - 1]);
            driver.Result = operation => operation.Kind == IoKind.Read ? -Errno.EIO : null;
            Assert.Equal(1, await reader.ReadAsync(new byte[10]));

            // What was read ahead may have come before the device failed.
            var failure = await Assert.ThrowsAsync<FileEngineException>(() => ReadInPiecesAsync(reader, 1000));
            Assert.Equal((FailureReason.IoError, Errno.EIO), (failure.Reason, failure.Errno));
            var position = (int)reader.Position;
            driver.Result = _ => null;
            Assert.Equal(content[position..], await ReadInPiecesAsync(reader, 1000));
        });
    }

    [Fact]
    public async Task Disposed_of_while_a_call_is_under_way_it_ends_after_it()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var reader = await scenario.Engine.OpenReaderAsync(scenario.Given("a.txt", "content"));
            driver.Script = operation => operation.Kind == IoKind.Read ? Play.Hold : Play.Perform;
            var read = reader.ReadToEndAsync().AsTask();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the read in the kernel");
            var disposed = reader.DisposeAsync().AsTask();
            driver.ReleaseAll();
            await disposed;

            // What it had asked for came; what it asks for then is refused as the file is closed.
            var ended = await Record.ExceptionAsync(() => read);
            Assert.True(ended is null or ObjectDisposedException, $"{ended}");
            await reader.DisposeAsync();
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader.ReadLineAsync());
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader.ReadAsync(new byte[1]));
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader.FillAsync());
            Assert.Throws<ObjectDisposedException>(() => reader.TryReadLine(out _));
            Assert.Throws<ObjectDisposedException>(() => reader.Position = 0);
        });
    }

    [Fact]
    public Task Options_out_of_range_are_refused_before_anything_is_opened() => EngineScenario.RunAsync(
        "sync", async scenario =>
        {
            var wrong = new[]
            {
                new FileReaderOptions { ChunkSize = 100 }, new FileReaderOptions { ChunkSize = 1 << 30 },
                new FileReaderOptions { LineSizeMax = 0 },
            };
            foreach (var options in wrong)
            {
                await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
                    async () => await scenario.Engine.OpenReaderAsync(scenario.PathOf("missing"), options));
            }

            var missing = await Assert.ThrowsAsync<FileEngineException>(
                async () => await scenario.Engine.OpenReaderAsync(scenario.PathOf("missing")));
            Assert.Equal(FailureReason.NotFound, missing.Reason);
        });

    private static async Task<byte[]> ReadInPiecesAsync(FileReader reader, int piece)
    {
        using var all = new MemoryStream();
        var bytes = new byte[piece];
        while (await reader.ReadAsync(bytes) is var count and > 0)
        {
            all.Write(bytes, 0, count);
        }

        return all.ToArray();
    }
}
