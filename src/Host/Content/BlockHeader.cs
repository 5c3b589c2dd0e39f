using System.Numerics;
using System.Runtime.InteropServices;

namespace Actors.Host.Content;

/// <summary>
/// The first bytes of every block: where it belongs, which write put it there, and a checksum over that and the
/// payload. So a block says by itself whether it is whole, in its place, and of this run.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BlockHeader
{
    /// <summary>Bytes of it; no block is smaller.</summary>
    public const int Size = 32;

    private readonly uint _checksum;
    private readonly int _generation;
    private readonly ulong _seed;
    private readonly long _block;
    private readonly long _file;

    public BlockHeader(ulong seed, int file, long block, int generation, uint payload)
    {
        _generation = generation;
        _seed = seed;
        _block = block;
        _file = file;
        _checksum = ChecksumWith(payload);
    }

    /// <summary>The number of the phase that wrote the block.</summary>
    public int Generation => _generation;

    /// <summary>The header of a block that is at least <see cref="Size"/> long.</summary>
    public static BlockHeader Read(ReadOnlySpan<byte> block) => MemoryMarshal.Read<BlockHeader>(block);

    /// <summary>Puts it at the start of a block.</summary>
    public void Write(Span<byte> block) => MemoryMarshal.Write(block, this);

    /// <summary>True when it says that it belongs here.</summary>
    public bool IsOf(ulong seed, int file, long block) => _seed == seed && _file == file && _block == block;

    /// <summary>True when the checksum is that of this header and a payload.</summary>
    public bool IsWhole(uint payload) => _checksum == ChecksumWith(payload);

    /// <summary>What it claims, in words.</summary>
    public override string ToString() => $"block {_block} of file {_file}, seed {(long)_seed}, phase {_generation}";

    private uint ChecksumWith(uint payload)
    {
        var crc = BitOperations.Crc32C(payload, (uint)_generation);
        crc = BitOperations.Crc32C(crc, _seed);
        crc = BitOperations.Crc32C(crc, (ulong)_block);
        return BitOperations.Crc32C(crc, (ulong)_file);
    }
}
