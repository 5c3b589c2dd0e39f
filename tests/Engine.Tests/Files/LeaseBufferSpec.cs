using System.Buffers;
using System.Runtime.InteropServices;
using Actors.Engine.Memory;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Lent memory: aligned, lent again, bounded.</summary>
public sealed class LeaseBufferSpec
{
    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(5000)]
    [InlineData(1 << 20)]
    [InlineData((16 << 20) + 1)]
    public void It_has_the_size_asked_for_and_begins_at_a_page(int size)
    {
        using var buffer = ((IMemoryOwner<byte>)new IoBufferPool().Lend(size));
        Assert.Equal(size, buffer.Memory.Length);
        Assert.Equal(0, AddressOf(buffer.Memory) & 4095);
    }

    [Fact]
    public void What_is_given_back_is_lent_again_and_only_once()
    {
        var pool = new IoBufferPool();
        var first = Lend(pool, 8192);
        var address = AddressOf(first.Memory);
        using var other = Lend(pool, 8192);
        Assert.NotEqual(address, AddressOf(other.Memory));
        first.Dispose();
        first.Dispose();
        Assert.Equal(8192, pool.KeptBytes);
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
        using var again = Lend(pool, 5000);
        using var further = Lend(pool, 5000);
        Assert.Equal(address, AddressOf(again.Memory));
        Assert.NotEqual(address, AddressOf(further.Memory));
    }

    [Fact]
    public void What_is_kept_is_bounded()
    {
        var pool = new IoBufferPool();
        var buffers = Enumerable.Range(0, 6).Select(_ => Lend(pool, 16 << 20)).ToList();
        buffers.ForEach(buffer => buffer.Dispose());
        Assert.Equal(IoBufferPool.KeptMax, pool.KeptBytes);
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task It_serves_direct_reads_and_writes(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => scenario.Engine.LeaseBuffer(0));
        FileSystemOf.SkipUnlessDirect(scenario.Directory);
        await using var file = await scenario.Engine.OpenAsync(
            scenario.PathOf("a.bin"), OpenMode.ReadWriteNew, new OpenOptions { Direct = true });
        using var buffer = scenario.Engine.LeaseBuffer(65536);
        Text.Pattern(65536).CopyTo(buffer.Memory);
        await file.WriteAsync(0, buffer.Memory);
        buffer.Memory.Span.Clear();
        Assert.Equal(65536, await file.ReadAsync(0, buffer.Memory));
        Assert.True(buffer.Memory.Span.SequenceEqual(Text.Pattern(65536)));
    });

    /// <summary>It goes back once, whoever comes late.</summary>
    [Fact]
    public void What_was_given_back_is_not_pinned_any_more()
    {
        var pool = new IoBufferPool();
        var buffer = pool.Lend(10_000);
        var pin = buffer.Pin();
        Assert.True(buffer.IsShared);
        buffer.Return();
        Assert.Equal(0, pool.KeptBytes);
        pin.Dispose();
        Assert.Equal((16_384L, 0L), (pool.KeptBytes, pool.LentBytes));
        Assert.Throws<ObjectDisposedException>(() => buffer.Pin());
        buffer.Return();
        Assert.Equal((16_384L, 0L), (pool.KeptBytes, pool.LentBytes));
    }

    private static IMemoryOwner<byte> Lend(IoBufferPool pool, int size) => pool.Lend(size);

    private static nint AddressOf(Memory<byte> memory)
    {
        Assert.True(MemoryMarshal.TryGetArray<byte>(memory, out var array));
        return Marshal.UnsafeAddrOfPinnedArrayElement(array.Array!, array.Offset);
    }
}
