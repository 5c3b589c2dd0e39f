using System.Runtime.InteropServices;
using Actors.Engine.Memory;

namespace Actors.Engine;

/// <summary>
/// Memory for commands that the kernel reads or fills in place: it does not move, so that it costs nothing to hand over,
/// and it begins at a page, which satisfies the alignment of any direct I/O.
/// </summary>
public static class PinnedMemory
{
    /// <summary>Allocates on the managed heap; the content is undefined, the collector frees it.</summary>
    /// <param name="length">Bytes.</param>
    public static Memory<byte> Allocate(int length)
    {
        var array = GC.AllocateUninitializedArray<byte>(length + SlabPool.Alignment, pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        var start = (int)(-address & (SlabPool.Alignment - 1));
        return MemoryMarshal.CreateFromPinnedArray(array, start, length);
    }
}
