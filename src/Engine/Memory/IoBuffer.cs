using System.Buffers;
using System.Runtime.InteropServices;

namespace Actors.Engine.Memory;

/// <summary>
/// A buffer for I/O: page-aligned memory that does not move, lent by an <see cref="IoBufferPool"/>. It goes back once its
/// owner has disposed of it and no operation has it pinned. After an answer that did not wait for the kernel it is
/// abandoned, and never goes back: the collector frees it, when the last operation has let go.
/// </summary>
/// <remarks>Thread-safe. All pooled memory that callers, writers, readers and streams give to operations is of this
/// kind.</remarks>
internal sealed class IoBuffer : MemoryManager<byte>
{
    private readonly IoBufferPool? _pool;
    private readonly ArraySegment<byte> _block;
    private int _holds = 1;
    private int _disposed;
    private volatile bool _abandoned;

    /// <param name="pool">Where it goes back to; null leaves it to the collector.</param>
    /// <param name="block">The memory, on the pinned heap; at least as long as <paramref name="size"/>.</param>
    /// <param name="size">Bytes that the owner asked for.</param>
    public IoBuffer(IoBufferPool? pool, ArraySegment<byte> block, int size)
    {
        _pool = pool;
        _block = block;
        Length = size;
    }

    /// <summary>Bytes that may be used.</summary>
    public int Length { get; }

    /// <summary>The same memory as an array; for its owner.</summary>
    public ArraySegment<byte> Bytes => _block[..Length];

    /// <summary>True while somebody else than its owner may use it, an operation above all: its owner must not fill it
    /// anew, and gives it back for another one.</summary>
    public bool IsShared => _abandoned || Volatile.Read(ref _holds) > 1;

    public override Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, typeof(IMemoryOwner<byte>));
            return CreateMemory(Length);
        }
    }

    /// <summary>Leaves the buffer that a command has, if it has one, to the collector: an operation may still use
    /// it.</summary>
    public static void Abandon(ReadOnlyMemory<byte> memory)
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, IoBuffer>(memory, out var buffer))
        {
            buffer._abandoned = true;
        }
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, typeof(IMemoryOwner<byte>));
        return _block.AsSpan(0, Length);
    }

    /// <summary>Keeps it from going back until <see cref="Unpin"/>.</summary>
    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Length, nameof(elementIndex));
        int holds;
        do
        {
            // Nobody may come after the last one, who has given it back: it would go back twice.
            holds = Volatile.Read(ref _holds);
            ObjectDisposedException.ThrowIf(_disposed != 0 || holds == 0, typeof(IMemoryOwner<byte>));
        }
        while (Interlocked.CompareExchange(ref _holds, holds + 1, holds) != holds);

        var first = Marshal.UnsafeAddrOfPinnedArrayElement(_block.Array!, _block.Offset + elementIndex);
        return new MemoryHandle((void*)first, default, this);
    }

    public override void Unpin()
    {
        if (Interlocked.Decrement(ref _holds) == 0 && !_abandoned)
        {
            _pool?.TakeBack(_block);
        }
    }

    /// <summary>Gives the buffer back; its owner may do so more than once.</summary>
    public void Return() => Dispose(true);

    protected override bool TryGetArray(out ArraySegment<byte> segment)
    {
        segment = Bytes;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Unpin();
        }
    }
}
