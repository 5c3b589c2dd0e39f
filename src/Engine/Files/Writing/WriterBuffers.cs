using System.Buffers;

namespace Actors.Engine.Files;

/// <summary>
/// The buffers of an engine's writers. The pool of the process keeps 32 of a size for each core: a hundred writers would
/// allocate most of theirs anew. Thread-safe.
/// </summary>
internal sealed class WriterBuffers
{
    /// <summary>Bytes of the largest buffer that is kept here; larger ones go to the process's pool.</summary>
    private const int KeptSizeMax = 64 << 10;

    /// <summary>Two each for as many writers at once; at most 8 MiB of the default size.</summary>
    private const int KeptCount = 256;

    private readonly ArrayPool<byte> _kept = ArrayPool<byte>.Create(KeptSizeMax, KeptCount);

    public byte[] Rent(int size) => PoolOf(size).Rent(size);

    public void Return(byte[] buffer) => PoolOf(buffer.Length).Return(buffer);

    private ArrayPool<byte> PoolOf(int size) => size <= KeptSizeMax ? _kept : ArrayPool<byte>.Shared;
}
