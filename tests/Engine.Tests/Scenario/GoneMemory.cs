using System.Buffers;

namespace Actors.Engine.Tests.Scenario;

/// <summary>Memory whose owner has disposed it while a command still refers to it.</summary>
internal sealed class GoneMemory(int length = 10) : MemoryManager<byte>
{
    public override Memory<byte> Memory => CreateMemory(length);

    public override Span<byte> GetSpan() => throw new ObjectDisposedException(nameof(GoneMemory));

    public override MemoryHandle Pin(int elementIndex = 0) => throw new ObjectDisposedException(nameof(GoneMemory));

    protected override bool TryGetArray(out ArraySegment<byte> segment) =>
        throw new ObjectDisposedException(nameof(GoneMemory));

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
