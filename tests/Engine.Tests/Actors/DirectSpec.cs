using System.Runtime.InteropServices;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Direct I/O on every backend: what is aligned works, the rest is refused before the kernel sees it, and
/// sequential reading gets by with any length of file.</summary>
public sealed class DirectSpec
{
    private const int Block = 4096;

    private static readonly OpenOptions Direct = new() { Direct = true, ChunkSize = 4096 };

    /// <summary>Lengths around the ends of aligned units and of chunks.</summary>
    public static TheoryData<string, int> BackendsAndLengths
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var backend in BackendProbe.Names)
            {
                foreach (var length in new[] { 0, 1, 511, 512, 4095, 4096, 4097, (3 * 4096) + 512, (5 * 4096) + 100 })
                {
                    data.Add(backend, length);
                }
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Blocks_are_written_and_read_in_place(string backend) => RunAsync(backend, async scenario =>
    {
        var content = Text.Pattern(16 * Block);
        var memory = PinnedMemory.Allocate(content.Length);
        content.CopyTo(memory);
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.bin", OpenMode.ReadWrite, Direct);
        Assert.True(file.Opened.Alignment.Offset > 1);
        for (var i = 15; i >= 0; i--)
        {
            file.Tell(new Write(memory.Slice(i * Block, Block), i * Block, i));
        }

        await file.ExpectWrittenAsync(16);
        Assert.Equal(content, await File.ReadAllBytesAsync(scenario.PathOf("a.bin")));

        memory.Span.Clear();
        for (var i = 0; i < 16; i++)
        {
            file.Tell(new Read(i * Block, memory.Slice(i * Block, Block), i));
        }

        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(Block, (await file.ExpectAsync<DataRead>()).Data.Length);
        }

        Assert.Equal(content, memory.ToArray());
        await file.CloseAsync();
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Small_data_may_lie_anywhere_large_data_must_be_aligned(string backend) =>
        RunAsync(backend, async scenario =>
        {
            FileSystemOf.SkipUnlessDirectMemoryMatters(scenario.Directory);
            var content = Text.Pattern(8 * Block);
            var memory = PinnedMemory.Allocate(content.Length + 1);
            content.CopyTo(memory[1..]);
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.bin", OpenMode.Write, Direct);
            file.Tell(new Write(memory.Slice(1, Block), 0));
            file.Tell(new Write(memory.Slice(1 + Block, Block)));
            await file.ExpectWrittenAsync(2);

            var large = new Write(memory.Slice(1, 8 * Block), 2 * Block);
            file.Tell(large);
            var failed = await file.ExpectFailureAsync(FailureReason.InvalidArgument, large);
            Assert.Contains("PinnedMemory", failed.Cause);

            content.CopyTo(memory);
            file.Tell(new Write(memory[..(8 * Block)], 2 * Block));
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
            byte[] expected = [.. content[..(2 * Block)], .. content];
            Assert.Equal(expected, await File.ReadAllBytesAsync(scenario.PathOf("a.bin")));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task What_is_not_aligned_is_refused_with_what_is_legal(string backend) => RunAsync(backend, async scenario =>
    {
        var memory = PinnedMemory.Allocate(4 * Block);
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.bin", OpenMode.ReadWrite, Direct);
        var unit = file.Opened.Alignment.Offset;
        FileCommand[] misplaced =
        [
            new Write(memory[..Block], 100),
            new Write(memory[..100], 0),
            new Write(memory[..(Block + 100)]),
            new Read(100, memory[..Block]),
            new Read(0, memory[..100]),
        ];
        foreach (var command in misplaced)
        {
            file.Tell(command);
            var failed = await file.ExpectFailureAsync(FailureReason.InvalidArgument, command);
            Assert.Contains($"multiples of {unit}", failed.Cause);
        }

        var read = new Read(0, memory.Slice(1, Block));
        file.Tell(read);
        await file.ExpectFailureAsync(FailureReason.InvalidArgument, read);
        await file.CloseAsync();
        Assert.Equal(0, new FileInfo(scenario.PathOf("a.bin")).Length);
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Small_pieces_are_not_gathered_into_an_aligned_whole(string backend) => RunAsync(backend, async scenario =>
    {
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.bin", OpenMode.Write, Direct);
        var unit = file.Opened.Alignment.Offset;
        file.Tell(new Write(new byte[unit]));
        var halves = new[] { new Write(new byte[unit / 2]), new Write(new byte[unit / 2]) };
        file.Tell(halves[0]);
        file.Tell(halves[1]);
        file.Tell(new Write(new byte[unit]));
        var failed = new List<EngineCommand>();
        var written = 0;
        while (written + failed.Count < 4)
        {
            switch (await file.ExpectAsync<EngineEvent>())
            {
                case Written answer:
                    written += answer.Count;
                    break;
                case CommandFailed answer:
                    failed.Add(answer.Command);
                    break;
            }
        }

        Assert.Equal(halves, failed);
        Assert.Equal(2 * unit, (await file.CloseAsync()).Length);
    });

    [SkippableTheory]
    [MemberData(nameof(BackendsAndLengths))]
    public Task Chunks_and_the_whole_file_are_read_to_the_last_byte(string backend, int length) =>
        RunAsync(backend, async scenario =>
        {
            var content = Text.Pattern(length);
            scenario.Given("a.bin", content);
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.bin", OpenMode.Read, Direct);
            file.Tell(new ReadAll());
            Assert.Equal(content, (await file.ExpectAsync<WholeFile>()).Data.ToArray());
            Assert.Equal(content, await ReadChunksAsync(file));
            await file.CloseAsync();
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task What_is_added_after_an_unaligned_end_is_read_by_the_next_demand(string backend) =>
        RunAsync(backend, async scenario =>
        {
            var path = scenario.Given("a.bin", Text.Pattern(5000));
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.bin", OpenMode.Read, Direct);
            Assert.Equal(Text.Pattern(5000), await ReadChunksAsync(file));
            await File.AppendAllTextAsync(path, "more");
            Assert.Equal("more", Text.Of(await ReadChunksAsync(file)));
            await File.AppendAllTextAsync(path, new string('x', 9000));
            Assert.Equal(new string('x', 9000), Text.Of(await ReadChunksAsync(file)));
            await file.CloseAsync();
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Lines_of_any_length_come_whole(string backend) => RunAsync(backend, async scenario =>
    {
        var lines = Enumerable.Range(0, 400).Select(i => new string((char)('a' + (i % 26)), i * 37 % 9000)).ToList();
        scenario.Given("a.txt", string.Join('\n', lines));
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Read, Direct);
        var read = new List<string>();
        file.Tell(new Demand(int.MaxValue, DemandUnit.Lines));
        while (await file.ExpectAsync<object>() is LineBatch batch)
        {
            Assert.Equal(read.Count, batch.FirstLine);
            foreach (var line in batch)
            {
                read.Add(Text.Of(line.ToArray()));
            }

            batch.Dispose();
        }

        Assert.Equal(lines, read);
        await file.CloseAsync();
    });

    [Fact]
    public void Pinned_memory_begins_at_a_page_and_does_not_move()
    {
        var memory = PinnedMemory.Allocate(100);
        Assert.Equal(100, memory.Length);
        using var pin = memory.Pin();
        Assert.True(MemoryMarshal.TryGetArray<byte>(memory, out var segment));
        Assert.Equal(0, Marshal.UnsafeAddrOfPinnedArrayElement(segment.Array!, segment.Offset) % 4096);
    }

    private static async Task<byte[]> ReadChunksAsync(ClientFile file)
    {
        var read = new List<byte>();
        file.Tell(new Demand(int.MaxValue));
        while (await file.ExpectAsync<object>() is Chunk chunk)
        {
            using (chunk)
            {
                read.AddRange(chunk.Memory.Span);
            }
        }

        return [.. read];
    }

    private static Task RunAsync(string backend, Func<EngineScenario, Task> play) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            FileSystemOf.SkipUnlessDirect(scenario.Directory);
            await play(scenario);
        });
}
