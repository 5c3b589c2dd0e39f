using System.Buffers;
using Actors.Engine.Files;
using Actors.Engine.Memory;

namespace Actors.Engine;

/// <content>Memory that is lent and comes back.</content>
public sealed partial class FileEngine
{
    internal IoBufferPool Buffers { get; } = new(Quarantine.IsOn);

    internal WriterBuffers WriterBuffers { get; } = new();

    /// <summary>
    /// Lends memory that does not move and begins at a page, which satisfies <see cref="EngineFile.Alignment"/> of any
    /// file; its length is for the caller to choose as direct I/O asks. Disposing it gives it back to be lent again; up
    /// to 64 MiB wait for that, more is left to the collector, as is what nobody disposes of.
    /// </summary>
    /// <param name="size">Bytes, 1 or more. The content is undefined.</param>
    /// <returns>Do not dispose it before calls that use its memory have completed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public IMemoryOwner<byte> LeaseBuffer(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        return Buffers.Lend(size);
    }
}
