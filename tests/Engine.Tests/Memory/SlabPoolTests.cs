using Actors.Engine.Memory;
using Actors.Engine.Tests.Drivers;
using Xunit;

namespace Actors.Engine.Tests.Memory;

/// <summary>The bound, sizes, returns from anywhere, the end; and nobody waits for a slab that is there.</summary>
public sealed unsafe class SlabPoolTests
{
    [Theory]
    [InlineData(0, 4096)]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(8192, 8192)]
    [InlineData(65_537, 131_072)]
    public void Sizes_are_powers_of_two_and_aligned(int asked, int size)
    {
        using var pool = new SlabPool(1 << 20);
        var slab = pool.TryRent(asked)!;
        Assert.Equal(size, slab.Size);
        Assert.Equal(size, slab.Memory.Length);
        Assert.Equal(0, (nint)slab.Pointer % SlabPool.Alignment);
        Assert.Equal(size, pool.Bytes);
        slab.GetSpan().Fill(0xaa);
        slab.Return();
    }

    [Fact]
    public void The_bound_refuses_and_a_return_makes_room()
    {
        using var pool = new SlabPool(16 * 4096);
        var slabs = Enumerable.Range(0, 16).Select(_ => pool.TryRent(4096)!).ToList();
        Assert.All(slabs, Assert.NotNull);
        Assert.Null(pool.TryRent(1));
        Assert.Equal(16, pool.Leased);
        slabs[3].Return();
        Assert.Same(slabs[3], pool.TryRent(4096));
        Assert.Null(pool.TryRent(1));
        Assert.Equal(16 * 4096, pool.Bytes);
        slabs.ForEach(slab => slab.Return());
        Assert.Equal(0, pool.Leased);
    }

    [Fact]
    public void Sizes_beyond_any_slab_are_refused()
    {
        using var pool = new SlabPool(long.MaxValue / 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.TryRent(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.TryRent(SlabPool.SizeMax + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.TryRent(int.MaxValue));
        var largest = pool.TryRent(SlabPool.SizeMax);
        Assert.Equal(SlabPool.SizeMax, largest?.Size ?? SlabPool.SizeMax);
        largest?.Return();
    }

    [Fact]
    public void The_last_returned_is_the_first_rented()
    {
        using var pool = new SlabPool(1 << 20);
        var (a, b) = (pool.TryRent(4096)!, pool.TryRent(4096)!);
        a.Return();
        Assert.Same(a, pool.TryRent(4096));
        a.Return();
        b.Return();
        Assert.Equal([a, b], new[] { pool.TryRent(4096)!, pool.TryRent(4096)! }.OrderBy(slab => slab == b));
        a.Return();
        b.Return();
    }

    [Fact]
    public void Idle_slabs_of_other_sizes_make_room()
    {
        using var pool = new SlabPool(64 * 1024);
        Enumerable.Range(0, 16).Select(_ => pool.TryRent(4096)!).ToList().ForEach(slab => slab.Return());
        Assert.Equal(64 * 1024, pool.Bytes);
        var large = pool.TryRent(48 * 1024)!;
        Assert.Equal(64 * 1024, large.Size);
        Assert.Equal(64 * 1024, pool.Bytes);
        large.Return();
        Assert.NotNull(pool.TryRent(4096));
    }

    [Fact]
    public void The_peak_is_kept_until_it_is_reset()
    {
        using var pool = new SlabPool(1 << 20);
        pool.TryRent(1 << 19)!.Return();
        pool.TryRent(1 << 20)!.Return();
        Assert.Equal(1 << 20, pool.BytesPeak);
        var small = pool.TryRent(4096)!;
        pool.ResetPeak();
        Assert.Equal(4096, pool.BytesPeak);
        small.Return();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_second_return_is_an_error(bool firstHere, bool secondHere)
    {
        using var pool = new SlabPool(1 << 20);
        var slab = pool.TryRent(4096)!;
        Return(slab, firstHere);
        Assert.Throws<InvalidOperationException>(() => Return(slab, secondHere));
        Assert.Equal(0, pool.Leased);
        Assert.Same(slab, pool.TryRent(4096));
        Assert.NotSame(slab, pool.TryRent(4096));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Disposal_frees_what_is_leased_when_it_comes_back(bool here)
    {
        var pool = new SlabPool(1 << 20);
        var idle = pool.TryRent(4096)!;
        var leased = pool.TryRent(8192)!;
        var elsewhere = pool.TryRent(16384)!;
        idle.Return();
        pool.Dispose();
        Assert.Equal(8192 + 16384, pool.Bytes);
        Assert.True(idle.Pointer == null);
        Assert.Null(pool.TryRent(4096));
        leased.GetSpan().Fill(1);
        Return(leased, here);
        var thread = new Thread(elsewhere.Return);
        thread.Start();
        thread.Join();
        Assert.Equal(0, pool.Bytes);
        Assert.Equal(0, pool.Leased);
        Assert.True(leased.Pointer == null && elsewhere.Pointer == null);
        Assert.Throws<ObjectDisposedException>(() => leased.GetSpan().Length);
        Assert.Throws<InvalidOperationException>(leased.Return);
        pool.Dispose();
    }

    [Fact]
    public void Pins_within_the_slab_only()
    {
        using var pool = new SlabPool(1 << 20);
        var slab = pool.TryRent(4096)!;
        using (var pin = slab.Pin(100))
        {
            Assert.True(pin.Pointer == slab.Pointer + 100);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => slab.Pin(4097));
        Assert.Throws<ArgumentOutOfRangeException>(() => slab.Pin(-1));
        slab.Return();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whoever_waits_hears_of_each_return(bool here)
    {
        using var pool = new SlabPool(4096);
        var calls = 0;
        pool.SlabReturned = () => calls++;
        Return(pool.TryRent(4096)!, here);
        Assert.Equal(0, calls);
        var slab = pool.TryRent(4096)!;
        Assert.Null(pool.TryRent(4096));
        pool.HasWaiters = true;
        Assert.Equal(0, calls);
        Return(slab, here);
        Assert.Equal(1, calls);
        pool.HasWaiters = false;
        Return(pool.TryRent(4096)!, here);
        Assert.Equal(1, calls);
    }

    [Fact]
    public void A_return_between_the_refusal_and_the_wait_is_heard_of()
    {
        using var pool = new SlabPool(4096);
        var calls = 0;
        pool.SlabReturned = () => calls++;
        var slab = pool.TryRent(4096)!;
        Assert.Null(pool.TryRent(4096));
        slab.Return();
        pool.HasWaiters = true;
        Assert.Equal(1, calls);
    }

    [Fact]
    public void No_waiter_is_forgotten_while_others_return() => ShardThread.Run(() =>
    {
        // The renter sleeps until it hears of a return: one missed, and it sleeps for ever.
        const int Rounds = 50_000;
        using var pool = new SlabPool(2 * 4096);
        using var heard = new SemaphoreSlim(0);
        using var toReturn = new System.Collections.Concurrent.BlockingCollection<Slab>();
        pool.SlabReturned = () => heard.Release();
        var returners = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            foreach (var slab in toReturn.GetConsumingEnumerable())
            {
                slab.Return();
            }
        })).ToList();
        returners.ForEach(thread => thread.Start());
        for (var i = 0; i < Rounds; i++)
        {
            Slab? slab;
            while ((slab = pool.TryRent(4096)) is null)
            {
                pool.HasWaiters = true;
                heard.Wait();
                pool.HasWaiters = false;
            }

            *(int*)slab.Pointer = i;
            toReturn.Add(slab);
        }

        toReturn.CompleteAdding();
        returners.ForEach(thread => thread.Join());
        Assert.Equal(0, pool.Leased);
        Assert.True(pool.BytesPeak <= 2 * 4096);
    });

    [Fact]
    public void No_slab_is_rented_twice_or_lost_while_others_return() => ShardThread.Run(() =>
    {
        using var pool = new SlabPool(64 * 4096);
        using var toReturn = new System.Collections.Concurrent.BlockingCollection<Slab>(32);
        var clashes = 0;
        var returners = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            foreach (var slab in toReturn.GetConsumingEnumerable())
            {
                clashes += Interlocked.Exchange(ref *(int*)slab.Pointer, 0) == 1 ? 0 : 1;
                slab.Return();
            }
        })).ToList();
        returners.ForEach(thread => thread.Start());
        var random = new Random(7);
        for (var i = 0; i < 100_000; i++)
        {
            if (pool.TryRent(random.Next(1, 16384)) is { } slab)
            {
                *(int*)slab.Pointer = 1;
                if (i % 3 == 0)
                {
                    clashes += Interlocked.Exchange(ref *(int*)slab.Pointer, 0) == 1 ? 0 : 1;
                    slab.ReturnHere();
                }
                else
                {
                    toReturn.Add(slab);
                }
            }
        }

        toReturn.CompleteAdding();
        returners.ForEach(thread => thread.Join());
        Assert.Equal(0, clashes);
        Assert.Equal(0, pool.Leased);
    });

    [Fact]
    public void Nothing_leaks_when_the_end_and_returns_race() => ShardThread.Run(() =>
    {
        for (var round = 0; round < 2000; round++)
        {
            var pool = new SlabPool(16 * 4096);
            var slabs = Enumerable.Range(0, 16).Select(_ => pool.TryRent(4096)!).ToList();
            using var start = new Barrier(2);
            var returner = new Thread(() =>
            {
                start.SignalAndWait();
                slabs.ForEach(slab => slab.Return());
            });
            returner.Start();
            start.SignalAndWait();
            pool.Dispose();
            returner.Join();
            Assert.Equal(0, pool.Bytes);
            Assert.All(slabs, slab => Assert.True(slab.Pointer == null));
        }
    });

    private static void Return(Slab slab, bool here)
    {
        if (here)
        {
            slab.ReturnHere();
        }
        else
        {
            slab.Return();
        }
    }
}
