using System.Numerics;

namespace Actors.Host.Content;

/// <summary>
/// In which order a file's blocks are visited: in passes, each block once in each. A random order is a permutation that
/// is computed, not stored: a bijection on the next power of two, applied again while it leads out of the file.
/// </summary>
internal sealed class BlockOrder
{
    private readonly ulong _blocks;
    private readonly bool _random;
    private readonly ulong _mask;
    private readonly int _shift;
    private readonly ulong _key;
    private readonly ulong _factor;

    private BlockOrder(long blocks, bool random, ulong key)
    {
        _blocks = (ulong)blocks;
        _random = random;
        _mask = BitOperations.RoundUpToPowerOf2(_blocks) - 1;
        _shift = Math.Max(1, BitOperations.PopCount(_mask) / 2);
        _key = key & _mask;
        _factor = SplitMix.Mix(key) | 1;
    }

    /// <summary>From the first block to the last.</summary>
    public static BlockOrder Sequential(long blocks) => new(blocks, random: false, 0);

    /// <summary>An order that depends on the seed and the file alone.</summary>
    public static BlockOrder Random(long blocks, long seed, int file) =>
        new(blocks, random: true, SplitMix.Mix(unchecked((ulong)seed) + SplitMix.Mix((ulong)file)));

    /// <summary>The block that is visited as the given one in turn.</summary>
    public long this[long turn]
    {
        get
        {
            var block = (ulong)turn % _blocks;
            if (_random)
            {
                do
                {
                    block = Permute(block);
                }
                while (block >= _blocks);
            }

            return (long)block;
        }
    }

    // Each step can be undone within the mask: xor with a key, with the upper bits, product with an odd number.
    private ulong Permute(ulong x)
    {
        x ^= _key;
        for (var round = 0; round < 3; round++)
        {
            x ^= x >> _shift;
            x = (x * _factor) & _mask;
        }

        return x ^ (x >> _shift);
    }
}
