using System.Buffers;
using System.Runtime.InteropServices;

namespace Actors.Engine.Files;

/// <summary>Memory that one chunk of a file is read into: rented, or for direct I/O aligned.</summary>
internal readonly struct ReadBuffer
{
    private readonly bool _rented;

    private ReadBuffer(ArraySegment<byte> bytes, bool rented)
    {
        Bytes = bytes;
        _rented = rented;
    }

    public ArraySegment<byte> Bytes { get; }

    public static ReadBuffer Create(int length, IoAlignment alignment)
    {
        if (alignment == IoAlignment.None)
        {
            return new ReadBuffer(new ArraySegment<byte>(ArrayPool<byte>.Shared.Rent(length), 0, length), true);
        }

        MemoryMarshal.TryGetArray<byte>(PinnedMemory.Allocate(length), out var aligned);
        return new ReadBuffer(aligned, false);
    }

    /// <summary>Nobody may be reading into it any more.</summary>
    public void Return()
    {
        if (_rented)
        {
            ArrayPool<byte>.Shared.Return(Bytes.Array!);
        }
    }
}
