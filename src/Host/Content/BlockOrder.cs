namespace Actors.Host.Content;

/// <summary>In which order a file's blocks are visited, each once.</summary>
internal sealed class BlockOrder
{
    private readonly int[]? _order;

    private BlockOrder(int[]? order) => _order = order;

    /// <summary>From the first block to the last.</summary>
    public static BlockOrder Sequential { get; } = new(null);

    /// <summary>A permutation that depends on the seed and the file alone.</summary>
    public static BlockOrder Random(int blocks, long seed, int file)
    {
        var order = new int[blocks];
        for (var i = 0; i < blocks; i++)
        {
            order[i] = i;
        }

        new System.Random(HashCode(seed, file)).Shuffle(order);
        return new BlockOrder(order);
    }

    /// <summary>The block that is visited as the given one in turn.</summary>
    public long this[long turn] => _order is null ? turn : _order[turn];

    // System.HashCode differs from process to process; a run must be repeatable from its seed.
    private static int HashCode(long seed, int file) => unchecked((int)(seed ^ (seed >> 32)) + (file * 16777619));
}
