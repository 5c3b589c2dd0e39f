using System.Numerics;
using System.Runtime.InteropServices;

namespace Actors.Engine.Memory;

/// <summary>
/// A bounded pool of aligned native slabs in power-of-two sizes, one pool per shard. Renting is for the shard's thread
/// only and never waits: when the bound is reached it answers null, and the file that asked waits its turn. Returning
/// is for any thread.
/// </summary>
/// <remarks>
/// Free slabs are kept by size and reused last in, first out, so the hot ones stay in cache. When the bound is reached
/// while slabs of another size lie idle, those are freed to make room. Memory is touched only when first written.
/// </remarks>
internal sealed unsafe class SlabPool : IDisposable
{
    /// <summary>Page size, and the strictest alignment that direct I/O asks of memory.</summary>
    public const int Alignment = 4096;

    private const int MinimumShift = 12;
    private const int ClassCount = 31 - MinimumShift;

    private readonly Slab?[] _free = new Slab?[ClassCount];
    private readonly long _bytesMax;
    private Slab? _returned;
    private long _bytes;
    private long _bytesPeak;
    private int _leased;
    private bool _disposed;

    public SlabPool(long bytesMax) => _bytesMax = bytesMax;

    /// <summary>Called on the returning thread when a slab comes back from another thread while somebody waits.</summary>
    public Action? ReturnedElsewhere { get; set; }

    /// <summary>Set by the owner while a file waits for a slab.</summary>
    public bool HasWaiters { get; set; }

    public long BytesMax => _bytesMax;

    public long Bytes => Volatile.Read(ref _bytes);

    public long BytesPeak => Volatile.Read(ref _bytesPeak);

    public int Leased => Volatile.Read(ref _leased);

    public void ResetPeak() => Volatile.Write(ref _bytesPeak, Bytes);

    /// <summary>A slab of at least <paramref name="size"/> bytes, or null when the bound is reached.</summary>
    public Slab? TryRent(int size)
    {
        var index = ClassOf(size);
        if (_free[index] is null)
        {
            TakeBackReturned();
        }

        var slab = _free[index];
        if (slab is not null)
        {
            _free[index] = slab.Next;
            slab.Next = null;
        }
        else
        {
            slab = TryCreate(1 << (index + MinimumShift));
            if (slab is null)
            {
                return null;
            }
        }

        slab.LeasedFlag = 1;
        Interlocked.Increment(ref _leased);
        return slab;
    }

    public void Return(Slab slab)
    {
        if (Interlocked.Exchange(ref slab.LeasedFlag, 0) == 0)
        {
            throw new InvalidOperationException("A slab was returned twice.");
        }

        Interlocked.Decrement(ref _leased);
        Slab? head;
        do
        {
            head = Volatile.Read(ref _returned);
            slab.Next = head;
        }
        while (Interlocked.CompareExchange(ref _returned, slab, head) != head);

        if (Volatile.Read(ref _disposed))
        {
            FreeReturned();
        }
        else if (HasWaiters)
        {
            ReturnedElsewhere?.Invoke();
        }
    }

    /// <summary>Frees what is not leased; what is leased is freed when it comes back.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        FreeReturned();
        for (var i = 0; i < ClassCount; i++)
        {
            FreeList(ref _free[i]);
        }
    }

    private Slab? TryCreate(int size)
    {
        if (Volatile.Read(ref _disposed) || (_bytes + size > _bytesMax && !TryMakeRoom(size)))
        {
            return null;
        }

        var bytes = Interlocked.Add(ref _bytes, size);
        if (bytes > _bytesPeak)
        {
            _bytesPeak = bytes;
        }

        return new Slab(this, (byte*)NativeMemory.AlignedAlloc((nuint)size, Alignment), size);
    }

    private bool TryMakeRoom(int size)
    {
        TakeBackReturned();
        for (var i = ClassCount - 1; i >= 0 && _bytes + size > _bytesMax; i--)
        {
            while (_free[i] is { } idle && _bytes + size > _bytesMax)
            {
                _free[i] = idle.Next;
                FreeOne(idle);
            }
        }

        return _bytes + size <= _bytesMax;
    }

    private void TakeBackReturned()
    {
        var slab = Interlocked.Exchange(ref _returned, null);
        while (slab is not null)
        {
            var next = slab.Next;
            var index = ClassOf(slab.Size);
            slab.Next = _free[index];
            _free[index] = slab;
            slab = next;
        }
    }

    private void FreeReturned()
    {
        var slab = Interlocked.Exchange(ref _returned, null);
        FreeList(ref slab);
    }

    private void FreeList(ref Slab? list)
    {
        while (list is { } slab)
        {
            list = slab.Next;
            FreeOne(slab);
        }
    }

    private void FreeOne(Slab slab)
    {
        Interlocked.Add(ref _bytes, -slab.Size);
        slab.Free();
    }

    private static int ClassOf(int size) =>
        Math.Max(0, BitOperations.Log2((uint)(Math.Max(size, 1) - 1)) + 1 - MinimumShift);
}
