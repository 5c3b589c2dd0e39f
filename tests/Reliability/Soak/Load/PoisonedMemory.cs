using System.Buffers;

namespace Actors.Reliability.Soak.Load;

/// <summary>Memory that is gone when the engine wants it: what touches it crashes.</summary>
internal sealed class PoisonedMemory : MemoryManager<byte>
{
    private const int Length = 100;

    public override Memory<byte> Memory => CreateMemory(Length);

    public override Span<byte> GetSpan() => throw new ObjectDisposedException(nameof(PoisonedMemory));

    public override MemoryHandle Pin(int elementIndex = 0) => throw new ObjectDisposedException(nameof(PoisonedMemory));

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
