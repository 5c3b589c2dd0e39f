using System.Buffers;
using System.Runtime.InteropServices;

namespace Actors.Engine.Memory;

/// <summary>
/// One aligned block of native memory, leased from a <see cref="SlabPool"/>. The GC neither moves nor counts it, so the
/// kernel can hold its address for as long as an operation lasts.
/// </summary>
internal sealed unsafe class Slab : MemoryManager<byte>
{
    private readonly SlabPool _pool;

    internal Slab(SlabPool pool, byte* pointer, int size)
    {
        _pool = pool;
        Pointer = pointer;
        Size = size;
    }

    /// <summary>First byte, aligned to <see cref="SlabPool.Alignment"/>.</summary>
    public byte* Pointer { get; private set; }

    public int Size { get; }

    /// <summary>Next in a free list or a return stack; owned by the pool.</summary>
    internal Slab? Next;

    /// <summary>1 while leased; what tells a second return.</summary>
    internal int LeasedFlag;

    /// <summary>Gives the slab back to its pool, from any thread. A second call is a bug and throws.</summary>
    public void Return() => _pool.Return(this);

    /// <summary>The same, for less, on the shard's thread only.</summary>
    public void ReturnHere() => _pool.ReturnHere(this);

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(Pointer == null, this);
        return new Span<byte>(Pointer, Size);
    }

    /// <summary>Nothing to do for it: native memory stays where it is until the slab is returned.</summary>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Size, nameof(elementIndex));
        return new MemoryHandle(Pointer + elementIndex);
    }

    public override void Unpin()
    {
    }

    internal void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }

    protected override void Dispose(bool disposing)
    {
        // Slabs are returned, not disposed: the pool frees them.
    }
}
