using System.Numerics;
using System.Runtime.InteropServices;

namespace Actors.Engine.Memory;

/// <summary>
/// Lends <see cref="IoBuffer"/>s. Their memory comes in powers of two and is lent again; what is kept for that is
/// bounded, and what is beyond goes to the collector. Thread-safe.
/// </summary>
/// <param name="quarantine">Holds back what comes back; for tests.</param>
/// <param name="keptMax">Bytes that are kept at most.</param>
internal sealed class IoBufferPool(bool quarantine = false, long keptMax = IoBufferPool.KeptMax)
{
    /// <summary>Bytes that a pool keeps.</summary>
    public const long KeptMax = 64 << 20;

    /// <summary>Bytes of the smallest buffer, and of the first one of whoever is not seen to fill larger ones: there may be
    /// thousands that have a line each.</summary>
    public const int SizeMin = 4096;

    /// <summary>Smallest buffers that are allocated at once, which share the memory that alignment costs.</summary>
    private const int SmallOnes = 16;

    private const int PooledSizeMax = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Stack<ArraySegment<byte>>[] _kept =
        [.. Enumerable.Range(0, ClassOf(PooledSizeMax) + 1).Select(_ => new Stack<ArraySegment<byte>>())];

    private readonly Quarantine<ArraySegment<byte>>? _quarantine =
        quarantine ? new Quarantine<ArraySegment<byte>>(block => block) : null;

    private long _keptBytes;
    private long _lentBytes;

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

    /// <summary>Bytes of buffers that are lent, to be lent again.</summary>
    public long LentBytes => Volatile.Read(ref _lentBytes);

    /// <summary>Lends a buffer of so many bytes; its content is undefined.</summary>
    public IoBuffer Lend(int size)
    {
        if (size > PooledSizeMax)
        {
            return new IoBuffer(null, Allocate(size), size);
        }

        var rounded = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, SizeMin));
        var kept = _kept[ClassOf(rounded)];
        lock (_gate)
        {
            _lentBytes += rounded;
            if (kept.Count == 0 && rounded == SizeMin)
            {
                var blocks = Allocate(SmallOnes * SizeMin);
                for (var i = 0; i < SmallOnes; i++)
                {
                    kept.Push(blocks.Slice(i * SizeMin, SizeMin));
                }

                _keptBytes += blocks.Count;
            }

            if (kept.TryPop(out var block))
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
            _lentBytes -= block.Count;
            if (_quarantine is not null && !_quarantine.TryExchange(ref block))
            {
                return;
            }

            if (_keptBytes + block.Count <= keptMax)
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
