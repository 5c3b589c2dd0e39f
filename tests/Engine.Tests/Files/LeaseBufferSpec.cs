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
        using var buffer = new PinnedBufferPool().Lease(size);
        Assert.Equal(size, buffer.Memory.Length);
        Assert.Equal(0, AddressOf(buffer.Memory) & 4095);
    }

    [Fact]
    public void What_is_given_back_is_lent_again_and_only_once()
    {
        var pool = new PinnedBufferPool();
        var first = pool.Lease(8192);
        var address = AddressOf(first.Memory);
        using var other = pool.Lease(8192);
        Assert.NotEqual(address, AddressOf(other.Memory));
        first.Dispose();
        first.Dispose();
        Assert.Equal(8192, pool.KeptBytes);
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
        using var again = pool.Lease(5000);
        using var further = pool.Lease(5000);
        Assert.Equal(address, AddressOf(again.Memory));
        Assert.NotEqual(address, AddressOf(further.Memory));
    }

    [Fact]
    public void What_is_kept_is_bounded()
    {
        var pool = new PinnedBufferPool();
        var buffers = Enumerable.Range(0, 6).Select(_ => pool.Lease(16 << 20)).ToList();
        buffers.ForEach(buffer => buffer.Dispose());
        Assert.Equal(PinnedBufferPool.KeptMax, pool.KeptBytes);
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task It_serves_direct_reads_and_writes(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => scenario.Engine.LeaseBuffer(0));
        await using var file = await scenario.Engine.OpenAsync(
            scenario.PathOf("a.bin"), OpenMode.ReadWriteNew, new OpenOptions { Direct = true });
        using var buffer = scenario.Engine.LeaseBuffer(65536);
        Text.Pattern(65536).CopyTo(buffer.Memory);
        await file.WriteAsync(0, buffer.Memory);
        buffer.Memory.Span.Clear();
        Assert.Equal(65536, await file.ReadAsync(0, buffer.Memory));
        Assert.True(buffer.Memory.Span.SequenceEqual(Text.Pattern(65536)));
    });

    private static nint AddressOf(Memory<byte> memory)
    {
        Assert.True(MemoryMarshal.TryGetArray<byte>(memory, out var array));
        return Marshal.UnsafeAddrOfPinnedArrayElement(array.Array!, array.Offset);
    }
}
