namespace Actors.Reliability.Crash.Content;

/// <summary>Blocks of one size, written out of order: within each run of 64 the order is turned about.</summary>
internal static class NumberedBlocks
{
    /// <summary>Bytes of a block.</summary>
    public const int Size = 512;

    private const int Run = 64;

    // Odd, so that its multiples visit every place of a run.
    private const int Step = 37;

    /// <summary>Where the block stands that is written as the so manieth.</summary>
    public static long OffsetOf(long number) => ((number / Run * Run) + (number * Step % Run)) * Size;

    /// <summary>What it holds; no byte of it is zero, which a byte that was not written is.</summary>
    public static byte[] Of(long seed, int file, long number)
    {
        var block = new byte[Size];
        var line = NumberedLines.Of(seed, file, number);
        var length = Math.Min(line.Length, Size);
        line.AsSpan(0, length).CopyTo(block);
        block.AsSpan(length).Fill((byte)'.');
        return block;
    }
}
