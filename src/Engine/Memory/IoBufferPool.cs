using System.Numerics;
using System.Runtime.InteropServices;

namespace Actors.Engine.Memory;

/// <summary>
/// Lends <see cref="IoBuffer"/>s. Their memory comes in powers of two and is lent again; what is kept for that is
/// bounded, and what is beyond goes to the collector. Thread-safe.
/// </summary>
/// <param name="quarantine">Holds back what comes back; for tests.</param>
internal sealed class IoBufferPool(bool quarantine = false)
{
    /// <summary>Bytes that are kept at most.</summary>
    public const long KeptMax = 64 << 20;

    private const int SizeMin = 4096;
    private const int PooledSizeMax = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Stack<ArraySegment<byte>>[] _kept =
        [.. Enumerable.Range(0, ClassOf(PooledSizeMax) + 1).Select(_ => new Stack<ArraySegment<byte>>())];

    private readonly Quarantine<ArraySegment<byte>>? _quarantine =
        quarantine ? new Quarantine<ArraySegment<byte>>(block => block) : null;

    private long _keptBytes;

    /// <summary>Bytes that wait to be lent again.</summary>
    public long KeptBytes
    {
        get
        {
            lock (_gate)
            {
                return _keptBytes;
            }
        }
    }

    /// <summary>Lends a buffer of so many bytes; its content is undefined.</summary>
    public IoBuffer Lend(int size)
    {
        if (size > PooledSizeMax)
        {
            return new IoBuffer(null, Allocate(size), size);
        }

        var rounded = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, SizeMin));
        lock (_gate)
        {
            if (_kept[ClassOf(rounded)].TryPop(out var block))
            {
                _keptBytes -= rounded;
                return new IoBuffer(this, block, size);
            }
        }

        return new IoBuffer(this, Allocate(rounded), size);
    }

    /// <summary>By a buffer that nobody holds any more.</summary>
    public void TakeBack(ArraySegment<byte> block)
    {
        lock (_gate)
        {
            if (_quarantine is not null && !_quarantine.TryExchange(ref block))
            {
                return;
            }

            if (_keptBytes + block.Count <= KeptMax)
            {
                _keptBytes += block.Count;
                _kept[ClassOf(block.Count)].Push(block);
            }
        }
    }

    /// <summary>Looks at everything that is held back, and lets it go.</summary>
    public void EndQuarantine()
    {
        lock (_gate)
        {
            while (_quarantine is not null && _quarantine.TryRelease(out _))
            {
            }
        }
    }

    private static ArraySegment<byte> Allocate(int size)
    {
        MemoryMarshal.TryGetArray<byte>(PinnedMemory.Allocate(size), out var block);
        return block;
    }

    private static int ClassOf(int size) => BitOperations.Log2((uint)(size / SizeMin));
}
