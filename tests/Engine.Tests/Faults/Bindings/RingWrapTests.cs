using System.Runtime.InteropServices;
using Actors.Engine.Drivers.IoUring;
using CsCheck;
using Xunit;

namespace Actors.Engine.Tests.Faults.Bindings;

/// <summary>The indices of a ring count up for ever and wrap at 2^32: rings in plain memory that begin just before,
/// with the kernel's side played here.</summary>
public sealed unsafe class RingWrapTests
{
    private const uint Entries = 8;

    private static readonly Gen<uint> NearTheWrap = Gen.UInt[0, 40].Select(before => 0u - before);

    [Fact]
    public void Submissions_keep_their_order_and_their_bound_across_the_wrap() =>
        Gen.Select(NearTheWrap, Gen.Int[0, 12].Array[20, 40]).Sample((start, steps) => Submit(start, steps));

    [Fact]
    public void Completions_keep_their_order_across_the_wrap() =>
        Gen.Select(NearTheWrap, Gen.Int[0, (int)Entries].Array[20, 40])
            .Sample((start, steps) => Complete(start, steps));

    /// <summary>Fills in as many entries as each step says, or as there is room for; the kernel then takes
    /// some.</summary>
    private static void Submit(uint start, int[] steps)
    {
        uint head = start, tail = start;
        var entries = stackalloc IoUringAbi.Sqe[(int)Entries];
        var ring = new SubmissionRing(&head, &tail, Entries - 1, entries);
        ulong written = 0, taken = 0;
        foreach (var step in steps)
        {
            for (var i = 0; i < step; i++)
            {
                var entry = ring.Next();
                Assert.Equal(written - taken == Entries, entry == null);
                if (entry != null)
                {
                    Assert.Equal(0ul, entry->UserData);
                    entry->UserData = ++written;
                }
            }

            ring.Publish();
            Assert.Equal(start + (uint)written, tail);
            for (var some = step % 5; some > 0 && head != tail; some--, head++)
            {
                Assert.Equal(++taken, entries[head & (Entries - 1)].UserData);
            }

            ring.SeeTaken();
            Assert.Equal((uint)(written - taken), ring.Unsubmitted);
        }
    }

    /// <summary>The kernel posts as many as each step says and the ring has room for; some are taken, all of them
    /// released.</summary>
    private static void Complete(uint start, int[] steps)
    {
        uint head = start, tail = start;
        var entries = stackalloc IoUringAbi.Cqe[(int)Entries];
        var ring = new CompletionRing(&head, &tail, Entries - 1, entries);
        ulong posted = 0, taken = 0;
        foreach (var step in steps)
        {
            for (var i = 0; i < step && tail - head < Entries; i++, tail++)
            {
                entries[tail & (Entries - 1)].UserData = ++posted;
            }

            Assert.Equal(posted != taken, ring.HasAny);
            for (var some = (step % 5) + 1; some > 0 && ring.TryTake(out var completion); some--)
            {
                Assert.Equal(++taken, completion.UserData);
            }

            Assert.True(posted == taken || ring.HasAny);
            ring.Release();
            Assert.Equal(start + (uint)taken, head);
        }
    }
}
