using System.Numerics;

namespace Actors.Host.Content;

/// <summary>
/// In which order a file's blocks are visited: in passes, each block once in each. A random order is a permutation that
/// is computed, not stored: a bijection on the next power of two, applied again while it leads out of the file.
/// </summary>
internal sealed class BlockOrder
{
    private const int Rounds = 4;

    private readonly ulong _blocks;
    private readonly ulong _mask;
    private readonly int _shift;
    private readonly ulong[] _keys;

    private BlockOrder(long blocks, ulong[] keys)
    {
        _blocks = (ulong)blocks;
        _mask = BitOperations.RoundUpToPowerOf2(_blocks) - 1;
        _shift = Math.Max(1, (BitOperations.PopCount(_mask) + 1) / 2);
        _keys = keys;
    }

    /// <summary>From the first block to the last.</summary>
    public static BlockOrder Sequential(long blocks) => new(blocks, []);

    /// <summary>An order that depends on the seed and the file alone.</summary>
    public static BlockOrder Random(long blocks, long seed, int file)
    {
        var key = new SplitMix(unchecked((ulong)seed) + SplitMix.Mix((ulong)file + 1));
        return new BlockOrder(blocks, [.. Enumerable.Range(0, Rounds).Select(_ => key.Next())]);
    }

    /// <summary>The block that is visited as the given one in turn.</summary>
    public long this[long turn]
    {
        get
        {
            var block = (ulong)turn % _blocks;
            do
            {
                block = Permute(block);
            }
            while (block >= _blocks);
            return (long)block;
        }
    }

    // Each step can be undone within the mask: xor with a key, product with an odd number, xor with the upper half.
    private ulong Permute(ulong x)
    {
        foreach (var key in _keys)
        {
            x = ((x ^ key) * (key | 1)) & _mask;
            x ^= x >> _shift;
        }

        return x;
    }
}
