using System.Buffers;
using Actors.Engine.Drivers;
using Actors.Engine.Memory;
using Actors.Engine.Streams;
using Actors.Engine.Tests.Scenario;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Memory of a call whose end is not known is nobody else's: not while the disk stands still, and not when it
/// goes on.</summary>
public sealed class MemoryOwnerSpec
{
    // Larger than what a writer copies, and than what a caller does itself.
    private const int Size = 200_000;

    private const string Soon = "actors.engine { shards = 1, coordinator.drain-timeout = 100ms }";

    public static TheoryData<string, string> Writers
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var backend in new[] { BackendNames.Auto, BackendNames.ThreadPool, BackendNames.Sync })
            {
                foreach (var face in new[] { "stream", "stream, synchronously", "writer", "sink" })
                {
                    data.Add(backend, face);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task What_a_stuck_write_has_is_not_given_to_others(string backend, string face)
    {
        using var calls = new HeldCalls();
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var content = Text.Pattern(Size);
                calls.Holds = operation => operation is { Kind: IoKind.Write, Length: > 4096 };
                var written = face switch
                {
                    "writer" => await WithWriterAsync(scenario, content),
                    "sink" => WithSink(scenario, content),
                    _ => WithStream(
                        await scenario.Engine.OpenStreamAsync(
                            scenario.PathOf("a"), OpenMode.Write, new FileEngineStreamOptions { BufferSize = 1 << 20 }),
                        content, face != "stream"),
                };
                await scenario.UntilAsync(() => calls.Held == 1, "the write in the kernel");
                _ = scenario.System.Terminate();
                var failure = await Record.ExceptionAsync(() => written.WaitAsync(EngineScenario.Patience));
                Assert.True(face == "sink" || failure is FileEngineException, $"{failure}");
                var others = RentAndFill(scenario.Engine.Buffers);
                calls.LetGo();
                await scenario.UntilAsync(() => calls.Held == 0, "the kernel done");
                var found = await File.ReadAllBytesAsync(scenario.PathOf("a"));
                Assert.True(found.Length > 4096);
                Assert.True(content.AsSpan().StartsWith(found), "bytes of others are in the file");
                Assert.All(others, other => Assert.Equal(-1, other.Span.IndexOfAnyExcept((byte)0xEE)));
                await scenario.StopAsync();
            },
            $"{Soon}\nactors.engine.writer.buffer-size = 4KiB",
            calls.SetupBelowInline);
    }

    [Theory]
    [InlineData("chunk")]
    [InlineData("line")]
    [InlineData("stream")]
    public async Task What_a_stuck_read_fills_is_not_given_to_others(string face)
    {
        using var calls = new HeldCalls();
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var path = scenario.Given("a", Text.Pattern(Size));
                calls.Holds = operation => operation.Kind == IoKind.Read;
                var reading = face switch
                {
                    "chunk" => await ReadAsync(reader => reader.ReadChunkAsync().AsTask()),
                    "line" => await ReadAsync(reader => reader.ReadLineAsync().AsTask()),
                    _ => ReadStreamAsync(await scenario.Engine.OpenStreamAsync(path)),
                };
                await scenario.UntilAsync(() => calls.Held == 1, "the read in the kernel");
                _ = scenario.System.Terminate();
                var failure = await Assert.ThrowsAsync<FileEngineException>(
                    () => reading.WaitAsync(EngineScenario.Patience));
                Assert.Equal((FailureReason.Closing, true), (failure.Reason, failure.IsUnfinished));
                var others = RentAndFill(scenario.Engine.Buffers);
                calls.LetGo();
                await scenario.UntilAsync(() => calls.Held == 0, "the kernel done");
                Assert.All(others, other => Assert.Equal(-1, other.Span.IndexOfAnyExcept((byte)0xEE)));
                await scenario.StopAsync();

                async Task<Task> ReadAsync(Func<FileReader, Task> read)
                {
                    var reader = await scenario.Engine.OpenReaderAsync(path);
                    return DisposeAfterAsync(read(reader), reader);
                }
            },
            Soon,
            calls.Setup);
    }

    /// <summary>A reader that goes on while a chunk of it is on its way into another file reads elsewhere.</summary>
    [Theory]
    [InlineData(BackendNames.ThreadPool)]
    [InlineData(BackendNames.Auto)]
    public async Task A_chunk_that_is_being_written_is_not_read_into(string backend)
    {
        using var calls = new HeldCalls();
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                const int Chunk = 256 << 10;
                var content = Text.Pattern(6 * Chunk);
                await using var reader = await scenario.Engine.OpenReaderAsync(
                    scenario.Given("a", content), new FileReaderOptions { ChunkSize = Chunk });
                await using var copy = await scenario.Engine.OpenAsync(scenario.PathOf("b"), OpenMode.Write);
                calls.Holds = operation => operation.Kind == IoKind.Write;
                var written = copy.AppendAsync(await reader.ReadChunkAsync()).AsTask();
                await scenario.UntilAsync(() => calls.Held == 1, "the chunk in the kernel");
                for (var i = 1; i < 6; i++)
                {
                    Assert.True((await reader.ReadChunkAsync()).Span.SequenceEqual(content.AsSpan(i * Chunk, Chunk)));
                }

                calls.LetGo();
                await written;
                Assert.True(Text.AreSame(content[..Chunk], await File.ReadAllBytesAsync(scenario.PathOf("b"))));
            },
            "",
            calls.SetupBelowInline);
    }

    private static Task WithStream(FileEngineStream stream, byte[] content, bool synchronously)
    {
        stream.Write(content);
        return Task.Run(async () =>
        {
            var failure = await Record.ExceptionAsync(async () =>
            {
                if (synchronously)
                {
                    stream.Flush();
                }
                else
                {
                    await stream.FlushAsync();
                }
            });
            Assert.True(failure is FileEngineException { IsUnfinished: true }, $"{failure}");

            // What is not known to be written is never told as written.
            var again = await Assert.ThrowsAsync<FileEngineException>(() => stream.FlushAsync());
            Assert.Equal((true, 0), (again.IsUnfinished, again.BytesDone));
            again = await Assert.ThrowsAsync<FileEngineException>(async () => await stream.WriteAsync(new byte[1]));
            Assert.False(again.IsUnfinished);
            again = Assert.Throws<FileEngineException>(() => stream.Write(new byte[1]));
            Assert.False(again.IsUnfinished);
            await stream.DisposeAsync();
        });
    }

    private static async Task<Task> WithWriterAsync(EngineScenario scenario, byte[] content)
    {
        var writer = await scenario.Engine.OpenWriterAsync(
            scenario.PathOf("a"), OpenMode.Write, new FileWriterOptions { BufferSize = 1 << 20 });
        await writer.WriteAsync(content);
        return DisposeAfterAsync(writer.FlushAsync().AsTask(), writer);
    }

    private static Task WithSink(EngineScenario scenario, byte[] content) => Source
        .From(content.Chunk(1000).Select(piece => (ReadOnlyMemory<byte>)piece))
        .RunWith(FileSink.ToFile(scenario.PathOf("a")), scenario.System.Materializer());

    private static async Task ReadStreamAsync(FileEngineStream stream) =>
        await DisposeAfterAsync(stream.ReadAsync(new byte[100]).AsTask(), stream);

    private static async Task DisposeAfterAsync(Task call, IAsyncDisposable owner)
    {
        try
        {
            await call;
        }
        finally
        {
            await Record.ExceptionAsync(() => owner.DisposeAsync().AsTask());
        }
    }

    /// <summary>What others may get of memory of any size that the call may have had.</summary>
    private static List<Memory<byte>> RentAndFill(IoBufferPool pool)
    {
        var rented = new List<Memory<byte>>();
        for (var size = 4096; size <= 1 << 20; size *= 2)
        {
            for (var i = 0; i < 20; i++)
            {
                rented.Add(pool.Lend(size).Memory);
                rented.Add(ArrayPool<byte>.Shared.Rent(size).AsMemory(0, size));
            }
        }

        rented.ForEach(memory => memory.Span.Fill(0xEE));
        return rented;
    }
}
