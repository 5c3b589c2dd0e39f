using System.Buffers;

namespace Actors.Engine.Tests.Scenario;

/// <summary>Memory that can be used, and whose owner throws when it comes back.</summary>
internal sealed class UnpinThrows(int length) : MemoryManager<byte>
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(length, pinned: true);

    public override Span<byte> GetSpan() => _bytes;

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        fixed (byte* first = &_bytes[elementIndex])
        {
            return new MemoryHandle(first, pinnable: this);
        }
    }

    public override void Unpin() => throw new InvalidOperationException("unpinned");

    protected override void Dispose(bool disposing)
    {
    }
}
