using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Actors.Host.Content;

/// <summary>
/// CRC-32C of bytes that come in pieces; how they are cut makes no difference. One instruction for eight bytes, and
/// compiled to its best at the first call: a hash from a package runs unoptimised for the first tenths of a second,
/// which at a million lines was ten times what reading them takes.
/// </summary>
internal struct ContentDigest
{
    private uint _crc;

    /// <summary>The digest of what came so far.</summary>
    public readonly ulong Value => _crc;

    /// <summary>Adds bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = _crc;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        _crc = crc;
    }
}
