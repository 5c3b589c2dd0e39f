using System.Buffers;
using System.Runtime.InteropServices;

namespace Actors.Simulation.Checking;

/// <summary>Memory that its owner has taken away while a command had it.</summary>
internal sealed class PoisonedMemory(int length) : MemoryManager<byte>
{
    public static bool Is(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetMemoryManager<byte, PoisonedMemory>(memory, out _);

    public override Memory<byte> Memory => CreateMemory(length);

    public override Span<byte> GetSpan() => throw new ObjectDisposedException(nameof(PoisonedMemory));

    public override MemoryHandle Pin(int elementIndex = 0) => throw new ObjectDisposedException(nameof(PoisonedMemory));

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
