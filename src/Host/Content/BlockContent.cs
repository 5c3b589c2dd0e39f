using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Actors.Host.Content;

/// <summary>
/// Blocks of one size, filled from a generator that is seeded with the scenario's seed, the file and the block: a block
/// in the wrong place or the wrong file does not pass for the right one.
/// </summary>
internal sealed class BlockContent : FileContent
{
    private readonly int _blockSize;
    private readonly ulong _seed;

    public BlockContent(int blockSize, long blocks, long seed)
    {
        _blockSize = blockSize;
        _seed = unchecked((ulong)seed);
        Units = blocks;
    }

    public override long Units { get; }

    public override string UnitName => "block";

    /// <summary>Bytes of each block.</summary>
    public int BlockSize => _blockSize;

    public override int LargestUnit(int files) => _blockSize;

    public override long Length(int file) => _blockSize * Units;

    public override ContentCursor Read(int file) => new Cursor(this, file);

    /// <summary>The hash of one block, to be summed up over a file: the sum does not depend on the order.</summary>
    public static ulong Digest(long block, ReadOnlySpan<byte> data)
    {
        var digest = new ContentDigest(block);
        digest.Append(data);
        return digest.Value;
    }

    public override ulong Digest(int file)
    {
        var block = new byte[_blockSize];
        var sum = 0UL;
        for (var i = 0L; i < Units; i++)
        {
            Fill(file, i, block);
            sum += Digest(i, block);
        }

        return sum;
    }

    /// <summary>Writes the content of one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(int file, long block, Span<byte> destination)
    {
        // splitmix64 (Steele, Lea, Flood 2014): 8 bytes in about a nanosecond, and any state is a good one.
        var state = Mix(_seed ^ Mix(((ulong)file << 40) ^ (ulong)block));
        while (destination.Length >= sizeof(ulong))
        {
            state += 0x9E3779B97F4A7C15;
            BinaryPrimitives.WriteUInt64LittleEndian(destination, Mix(state));
            destination = destination[sizeof(ulong)..];
        }

        for (var last = Mix(state); !destination.IsEmpty; destination = destination[1..], last >>= 8)
        {
            destination[0] = (byte)last;
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private sealed class Cursor(BlockContent content, int file) : ContentCursor
    {
        public override int Fill(Span<byte> buffer)
        {
            var filled = 0;
            while (NextUnit < content.Units && buffer.Length - filled >= content._blockSize)
            {
                content.Fill(file, NextUnit++, buffer.Slice(filled, content._blockSize));
                filled += content._blockSize;
            }

            return filled;
        }
    }
}
