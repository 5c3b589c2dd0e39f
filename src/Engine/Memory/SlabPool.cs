using System.Numerics;
using System.Runtime.InteropServices;

namespace Actors.Engine.Memory;

/// <summary>
/// A bounded pool of aligned native slabs in power-of-two sizes, one pool per shard. Renting is for the shard's thread
/// only and never waits: when the bound is reached it answers null, and the file that asked waits its turn. Returning
/// is for any thread by <see cref="Return"/>, and for the shard's by <see cref="ReturnHere"/>, which is cheaper.
/// </summary>
/// <remarks>
/// <para>
/// Free slabs are kept by size and reused last in, first out, so the hot ones stay in cache. When the bound is reached
/// while slabs of another size lie idle, those are freed to make room. Memory is touched only when first written.
/// </para>
/// <para>
/// The free lists belong to the shard's thread: what is rented and returned there costs no interlocked operation. Other
/// threads only push onto one stack of returned slabs, and the shard's thread only takes that stack as a whole:
/// no slab can come back between a look at the top and its exchange (ABA), so no lock is needed.
/// </para>
/// </remarks>
internal sealed unsafe class SlabPool : IDisposable
{
    /// <summary>Page size, and the strictest alignment that direct I/O asks of memory.</summary>
    public const int Alignment = 4096;

    /// <summary>The largest slab, 1 GiB: a span holds less than 2.</summary>
    public const int SizeMax = 1 << 30;

    private const int MinimumShift = 12;
    private const int ClassCount = 31 - MinimumShift;

    private readonly Slab?[] _free = new Slab?[ClassCount];
    private readonly Quarantine<Slab>? _quarantine;
    private readonly long _bytesMax;
    private Slab? _returned;
    private long _bytes;
    private long _bytesPeak;
    private int _rented; // Less what came back here: the shard's thread alone writes it.
    private int _returnedElsewhere;
    private bool _hasWaiters;
    private bool _disposed;

    /// <param name="bytesMax">The bound.</param>
    /// <param name="quarantine">Holds back what comes back; for tests.</param>
    public SlabPool(long bytesMax, bool quarantine = false)
    {
        _bytesMax = bytesMax;
        _quarantine = quarantine ? new Quarantine<Slab>(slab => slab.GetSpan()) : null;
    }

    /// <summary>
    /// Called when a slab is there that a waiting file may have: on the thread that returns one, or inside the setting
    /// of <see cref="HasWaiters"/>. To be set before the first rent.
    /// </summary>
    public Action? SlabReturned { get; set; }

    /// <summary>
    /// Set by the owner, on its thread, while a file waits for a slab. A slab that another thread returned between the
    /// refused rent and this is not missed: setting it looks once more.
    /// </summary>
    public bool HasWaiters
    {
        get => Volatile.Read(ref _hasWaiters);
        set
        {
            Volatile.Write(ref _hasWaiters, value);
            if (!value)
            {
                return;
            }

            // Announce, fence, look; Return pushes, which is a fence, and looks for the announcement.
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _returned) is not null)
            {
                SlabReturned?.Invoke();
            }
        }
    }

    public long BytesMax => _bytesMax;

    public long Bytes => Volatile.Read(ref _bytes);

    public long BytesPeak => Volatile.Read(ref _bytesPeak);

    /// <summary>Slabs that are out. Exact on the shard's thread while no other returns one.</summary>
    public int Leased => Volatile.Read(ref _rented) - Volatile.Read(ref _returnedElsewhere);

    public void ResetPeak() => Volatile.Write(ref _bytesPeak, Bytes);

    /// <summary>
    /// A slab of at least <paramref name="size"/> bytes, at most <see cref="SizeMax"/>; or null when the bound is
    /// reached, memory is out, or the pool is disposed of. Contents are whatever was there.
    /// </summary>
    public Slab? TryRent(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, SizeMax);
        if (Volatile.Read(ref _disposed))
        {
            return null;
        }

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
        _rented++;
        return slab;
    }

    /// <summary>Takes a slab back on the thread that rents, and nowhere else.</summary>
    /// <exception cref="InvalidOperationException">It is not leased.</exception>
    public void ReturnHere(Slab slab)
    {
        if (slab.LeasedFlag == 0)
        {
            throw ReturnedTwice();
        }

        slab.LeasedFlag = 0;
        _rented--;
        if (Volatile.Read(ref _disposed))
        {
            FreeOne(slab);
            return;
        }

        AddFree(slab);
        if (HasWaiters)
        {
            SlabReturned?.Invoke();
        }
    }

    /// <summary>Takes a slab back, from any thread.</summary>
    /// <exception cref="InvalidOperationException">It is not leased.</exception>
    public void Return(Slab slab)
    {
        if (Interlocked.Exchange(ref slab.LeasedFlag, 0) == 0)
        {
            throw ReturnedTwice();
        }

        Interlocked.Increment(ref _returnedElsewhere);
        Slab? head;
        do
        {
            head = Volatile.Read(ref _returned);
            slab.Next = head;
        }
        while (Interlocked.CompareExchange(ref _returned, slab, head) != head);

        // Dispose sets the flag and then takes the stack: a slab pushed too late for that is freed here.
        if (Volatile.Read(ref _disposed))
        {
            FreeReturned();
        }
        else if (HasWaiters)
        {
            SlabReturned?.Invoke();
        }
    }

    /// <summary>Frees what is not leased; what is leased is freed when it comes back.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        EndQuarantine();
        FreeReturned();
        for (var i = 0; i < ClassCount; i++)
        {
            FreeList(ref _free[i]);
        }
    }

    private Slab? TryCreate(int size)
    {
        if (_bytes + size > _bytesMax && !TryMakeRoom(size))
        {
            return null;
        }

        Slab slab;
        try
        {
            slab = new Slab(this, (byte*)NativeMemory.AlignedAlloc((nuint)size, Alignment), size);
        }
        catch (OutOfMemoryException)
        {
            // The machine's bound is below the configured one: backpressure just the same.
            return null;
        }

        var bytes = Interlocked.Add(ref _bytes, size);
        if (bytes > _bytesPeak)
        {
            _bytesPeak = bytes;
        }

        return slab;
    }

    private bool TryMakeRoom(int size)
    {
        TakeBackReturned();
        EndQuarantine();
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
            AddFree(slab);
            slab = next;
        }
    }

    private void AddFree(Slab slab)
    {
        if (_quarantine is null || _quarantine.TryExchange(ref slab))
        {
            Keep(slab);
        }
    }

    internal void EndQuarantine()
    {
        while (_quarantine is not null && _quarantine.TryRelease(out var slab))
        {
            Keep(slab!);
        }
    }

    private void Keep(Slab slab)
    {
        var index = ClassOf(slab.Size);
        slab.Next = _free[index];
        _free[index] = slab;
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

    private static InvalidOperationException ReturnedTwice() => new("A slab was returned twice.");

    private static int ClassOf(int size) =>
        Math.Max(0, BitOperations.Log2((uint)(Math.Max(size, 1) - 1)) + 1 - MinimumShift);
}
