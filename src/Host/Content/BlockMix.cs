namespace Actors.Host.Content;

/// <summary>Which turns of a phase read and which write: by a share, drawn from the seed and the file.</summary>
internal sealed class BlockMix(int readPercent, long seed, int file)
{
    private readonly ulong _key = SplitMix.Mix(unchecked((ulong)seed) ^ SplitMix.Mix((ulong)file + 1));

    /// <summary>True when the given turn is a read.</summary>
    public bool IsRead(long turn) => readPercent switch
    {
        0 => false,
        100 => true,
        _ => SplitMix.Mix(_key + ((ulong)turn * SplitMix.Gamma)) % 100 < (ulong)readPercent,
    };
}
