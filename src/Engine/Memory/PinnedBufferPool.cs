using System.Buffers;
using System.Numerics;

namespace Actors.Engine.Memory;

/// <summary>
/// Lends page-aligned memory that does not move. Buffers come in powers of two and are lent again; what is kept for
/// that is bounded, and what is beyond goes to the collector. Thread-safe.
/// </summary>
internal sealed class PinnedBufferPool
{
    /// <summary>Bytes that are kept at most.</summary>
    public const long KeptMax = 64 << 20;

    private const int SizeMin = 4096;
    private const int PooledSizeMax = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Stack<Memory<byte>>[] _kept;
    private long _keptBytes;

    public PinnedBufferPool()
    {
        _kept = new Stack<Memory<byte>>[BitOperations.Log2(PooledSizeMax / SizeMin) + 1];
        for (var i = 0; i < _kept.Length; i++)
        {
            _kept[i] = new Stack<Memory<byte>>();
        }
    }

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

    public IMemoryOwner<byte> Lease(int size)
    {
        if (size > PooledSizeMax)
        {
            return new Lent(null, PinnedMemory.Allocate(size), size);
        }

        var rounded = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, SizeMin));
        lock (_gate)
        {
            if (_kept[ClassOf(rounded)].TryPop(out var memory))
            {
                _keptBytes -= rounded;
                return new Lent(this, memory, size);
            }
        }

        return new Lent(this, PinnedMemory.Allocate(rounded), size);
    }

    private void Return(Memory<byte> memory)
    {
        lock (_gate)
        {
            if (_keptBytes + memory.Length <= KeptMax)
            {
                _keptBytes += memory.Length;
                _kept[ClassOf(memory.Length)].Push(memory);
            }
        }
    }

    private static int ClassOf(int size) => BitOperations.Log2((uint)(size / SizeMin));

    private sealed class Lent(PinnedBufferPool? pool, Memory<byte> memory, int size) : IMemoryOwner<byte>
    {
        private int _returned;

        public Memory<byte> Memory
        {
            get
            {
                ObjectDisposedException.ThrowIf(_returned != 0, typeof(IMemoryOwner<byte>));
                return memory[..size];
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
            {
                pool?.Return(memory);
            }
        }
    }
}
