using Actors.Engine;
using Actors.Host.Scenarios;

namespace Actors.Host.Running;

/// <summary>
/// What a producer has in flight: slots, each with a buffer and the block that it is being read into or written from. A
/// slot's number is the token of its command.
/// </summary>
internal sealed class BlockWindow
{
    private readonly Memory<byte>[] _buffers;
    private readonly long[] _blocks;

    /// <summary>As many slots as the phase asks for, within the file's credits and blocks.</summary>
    public BlockWindow(PhasePlan plan, Opened opened)
    {
        var settings = plan.Settings;
        var size = settings.BlockSize!.Value;
        var credits = Math.Min(opened.Credits, Math.Max(1, opened.CreditBytes / size));

        // Every write may be followed by a sync, which takes a credit too.
        credits = settings.SyncEvery is null ? credits : Math.Max(1, credits / 2);
        var slots = (int)Math.Min(Math.Min(settings.InFlight!.Value, credits), plan.Content.Units);

        // One piece for all of them, and aligned, since direct I/O asks for it.
        var memory = PinnedMemory.Allocate(slots * size);
        _buffers = [.. Enumerable.Range(0, slots).Select(i => memory.Slice(i * size, size))];
        _blocks = new long[slots];
        _blocks.AsSpan().Fill(-1);
    }

    /// <summary>How many there are.</summary>
    public int Slots => _buffers.Length;

    /// <summary>The buffer of a slot.</summary>
    public Memory<byte> Buffer(int slot) => _buffers[slot];

    /// <summary>Whether a block is in flight.</summary>
    public bool Holds(long block) => _blocks.AsSpan().Contains(block);

    /// <summary>Puts a block in flight.</summary>
    public void Take(int slot, long block) => _blocks[slot] = block;

    /// <summary>It is answered.</summary>
    public void Free(int slot) => _blocks[slot] = -1;
}
