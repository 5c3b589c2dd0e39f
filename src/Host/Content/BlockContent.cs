using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Actors.Host.Content;

/// <summary>
/// Blocks of one size, each with a <see cref="BlockHeader"/>. A phase that overwrites leaves a file in which every block
/// is of that phase or of an earlier one, back to the one that laid the file out; which of them is the generation in
/// the header.
/// </summary>
internal sealed class BlockContent : FileContent
{
    private readonly ulong _seed;
    private readonly int _oldest;
    private readonly int _generation;

    /// <param name="blockSize">Bytes of each, at least <see cref="BlockHeader.Size"/>.</param>
    /// <param name="blocks">Blocks of a file.</param>
    /// <param name="seed">The scenario's.</param>
    /// <param name="oldest">The phase that wrote every block.</param>
    /// <param name="generation">The phase that writes, or was the last to.</param>
    public BlockContent(int blockSize, long blocks, long seed, int oldest = 0, int generation = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, BlockHeader.Size);
        BlockSize = blockSize;
        Units = blocks;
        _seed = unchecked((ulong)seed);
        _oldest = oldest;
        _generation = generation;
    }

    public override long Units { get; }

    public override string UnitName => "block";

    /// <summary>Bytes of each block.</summary>
    public int BlockSize { get; }

    public override int LargestUnit(int files) => BlockSize;

    public override long Length(int file) => BlockSize * Units;

    /// <summary>Makes a block of this generation, with a payload that no other has.</summary>
    public void Fill(int file, long block, Span<byte> destination)
    {
        var place = SplitMix.Mix(((ulong)file << 40) ^ (ulong)block);
        var payload = FillPayload(destination, SplitMix.Mix(_seed ^ place) + (ulong)_generation);
        Stamp(file, block, destination, payload);
    }

    /// <summary>Gives a buffer a payload of its own, to be stamped as one block after another.</summary>
    /// <returns>The checksum that <see cref="Stamp"/> wants.</returns>
    public uint FillPayload(Span<byte> destination, ulong key)
    {
        var payload = destination[BlockHeader.Size..BlockSize];
        FillWords(payload, key);
        return BlockChecksum.Of(payload);
    }

    /// <summary>Makes a block of this generation out of whatever payload is there.</summary>
    public void Stamp(int file, long block, Span<byte> destination, uint payload) =>
        new BlockHeader(_seed, file, block, _generation, payload).Write(destination);

    /// <summary>True when the bytes are this block, whole, in a version that a file may hold.</summary>
    public bool IsRight(int file, long block, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != BlockSize)
        {
            return false;
        }

        var header = BlockHeader.Read(bytes);
        return header.IsOf(_seed, file, block)
            && header.Generation >= _oldest
            && header.Generation <= _generation
            && header.IsWhole(BlockChecksum.Of(bytes[BlockHeader.Size..]));
    }

    /// <summary>Why a block is not right, in words.</summary>
    public string Describe(int file, long block, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != BlockSize)
        {
            return $"block {block} has {bytes.Length} of {BlockSize} bytes";
        }

        var header = BlockHeader.Read(bytes);
        return !bytes.ContainsAnyExcept((byte)0) ? $"block {block} is not there: zeros"
            : !header.IsWhole(BlockChecksum.Of(bytes[BlockHeader.Size..])) ? $"block {block} has a wrong checksum"
            : !header.IsOf(_seed, file, block) ? $"block {block} holds {header}"
            : $"block {block} is of phase {header.Generation}, not of {_oldest} to {_generation}";
    }

    // A Weyl sequence: no two words of a block are alike, and it costs one addition for each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillWords(Span<byte> payload, ulong key)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = key += SplitMix.Gamma;
        }

        foreach (ref var value in payload[(words.Length * sizeof(ulong))..])
        {
            value = (byte)(key >>= 8);
        }
    }
}
