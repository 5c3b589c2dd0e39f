using System.Buffers;
using Actors.Engine.Memory;

namespace Actors.Engine;

/// <summary>
/// Part of the file's content, in a buffer of the engine's bounded pool. <b>Dispose it</b> when done, from any thread;
/// until then it counts against the pool, which is what holds back a reader whose client is slow.
/// </summary>
public sealed class Chunk : IMemoryOwner<byte>
{
    private Slab? _slab;
    private readonly int _start;
    private readonly int _length;

    internal Chunk(Slab slab, int start, int length, long offset)
    {
        _slab = slab;
        _start = start;
        _length = length;
        Offset = offset;
    }

    /// <summary>Where in the file the first byte stands.</summary>
    public long Offset { get; }

    /// <summary>The bytes. Valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public Memory<byte> Memory =>
        (_slab ?? throw new ObjectDisposedException(nameof(Chunk))).Memory.Slice(_start, _length);

    /// <summary>Gives the buffer back. Calling it twice does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _slab, null)?.Return();
}
