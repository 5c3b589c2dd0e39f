using System.Text;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <content>aiofile: positional calls, and the cursors over them.</content>
public sealed partial class FromPythonSpec
{
    [Fact]
    public Task AIOFile_read_bytes_past_the_end_is_empty_and_over_it_short() => RunAsync(async (scenario, engine) =>
    {
        await using var file = await engine.OpenAsync(scenario.Given("a.txt", "0123456789"), OpenMode.Read);
        var four = new byte[4];
        Assert.Equal(4, await file.ReadAsync(3, four));
        Assert.Equal("3456", Text.Of(four));
        Assert.Equal(2, await file.ReadAsync(8, four));
        Assert.Equal(0, await file.ReadAsync(10, four));
        Assert.Equal(0, await file.ReadAsync(1_000_000, four));
    });

    [Fact]
    public Task AIOFile_read_size_minus_one_is_all_of_it() => RunAsync(async (scenario, engine) =>
    {
        await using var file = await engine.OpenAsync(scenario.Given("a.txt", "0123456789"), OpenMode.Read);
        await using var reader = file.CreateReader();
        reader.Position = 4;
        Assert.Equal("456789", await reader.ReadTextToEndAsync());
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task AIOFile_write_bytes_at_offsets_in_any_order(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var content = Text.Pattern(64 << 10);
            await using (var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.bin"), OpenMode.Write))
            {
                await Task.WhenAll(Enumerable.Range(0, 16).Reverse().Select(
                    i => file.WriteAsync(i << 12, content.AsMemory(i << 12, 1 << 12)).AsTask()));
            }

            Assert.True(Text.AreSame(content, await File.ReadAllBytesAsync(scenario.PathOf("a.bin"))));
        });

    [Fact]
    public Task AIOFile_fsync_fdsync_and_truncate() => RunAsync(async (scenario, engine) =>
    {
        await using var file = await engine.OpenAsync(scenario.Given("a.txt"), OpenMode.ReadWriteTruncate);
        await file.WriteAsync(0, "text"u8.ToArray());
        Assert.Equal(4, await file.SyncAsync(SyncScope.Data));
        Assert.Equal(4, await file.SyncAsync(SyncScope.All));
        Assert.Equal(0, await file.TruncateAsync(0));
        Assert.Equal(0, (await file.StatAsync()).Length);
    });

    [Fact]
    public Task AIOFile_encode_bytes_and_write_of_text() => RunAsync(async (scenario, engine) =>
    {
        await using (var file = await engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write))
        {
            await file.WriteAsync(0, Encoding.UTF8.GetBytes("één"));
        }

        Assert.Equal("één", await File.ReadAllTextAsync(scenario.PathOf("a.txt")));
    });

    [Fact]
    public Task Async_open_reads_writes_seeks_and_tells() => RunAsync(async (scenario, engine) =>
    {
        await using var stream = await engine.OpenStreamAsync(scenario.PathOf("a.txt"), OpenMode.ReadWriteTruncate);
        await stream.WriteAsync("one\ntwo\n"u8.ToArray());
        Assert.Equal(8, stream.Position);
        await stream.FlushAsync();
        await stream.File.SyncAsync();
        await using var reader = stream.File.CreateReader();
        reader.Position = 4;
        Assert.Equal("two", await reader.ReadLineAsync());
        Assert.Equal(8, reader.Position);
    });

    [Fact]
    public Task Reader_and_iter_chunked() => RunAsync(async (scenario, engine) =>
    {
        var content = Text.Pattern(10_000);
        await using var reader = await engine.OpenReaderAsync(
            scenario.Given("a.bin", content), new FileReaderOptions { ChunkSize = 4 << 10 });
        reader.Position = 100;
        var read = new List<byte>();
        await foreach (var chunk in reader.ReadChunksAsync())
        {
            Assert.InRange(chunk.Length, 1, 4 << 10);
            read.AddRange(chunk.Span);
        }

        Assert.Equal(content[100..], read);
    });

    [Fact]
    public Task LineReader_starts_where_it_is_told() => RunAsync(async (scenario, engine) =>
    {
        await using var file = await engine.OpenAsync(scenario.Given("a.txt", "one\ntwo\nthree"), OpenMode.Read);
        await using var reader = file.CreateReader(new FileReaderOptions { KeepLineEnds = true });
        reader.Position = 4;
        Assert.Equal("two\n", await reader.ReadLineAsync());
        Assert.Equal("three", await reader.ReadLineAsync());
    });

    [Fact]
    public Task Writer_writes_on_from_its_offset() => RunAsync(async (scenario, engine) =>
    {
        await using (var file = await engine.OpenAsync(
            scenario.Given("a.txt", "0123456789"), OpenMode.ReadWriteExisting))
        {
            await using var stream = file.AsStream();
            stream.Position = 2;
            await stream.WriteAsync("ab"u8.ToArray());
            await stream.WriteAsync("cd"u8.ToArray());
        }

        Assert.Equal("01abcd6789", scenario.ContentOf("a.txt"));
    });

    [Fact]
    public Task Clone_is_a_cursor_of_its_own() => RunAsync(async (scenario, engine) =>
    {
        await using var reader = await engine.OpenReaderAsync(scenario.Given("a.txt", "one\ntwo\n"));
        Assert.Equal("one", await reader.ReadLineAsync());
        await using (var clone = reader.Clone())
        {
            Assert.Equal("two", await clone.ReadLineAsync());
        }

        Assert.Equal("two", await reader.ReadLineAsync());
    });
}
