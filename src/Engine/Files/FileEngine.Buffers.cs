using System.Buffers;
using Actors.Engine.Backpressure;
using Actors.Engine.Memory;

namespace Actors.Engine;

/// <content>Memory that is lent and comes back.</content>
public sealed partial class FileEngine
{
    /// <summary>Files to a budget: each has two buffers at a time, one that is used and one in the kernel.</summary>
    private const int BuffersOfFile = 2;

    private const int ShareOfRest = 16;

    internal IoBufferPool Buffers { get; } = new(
        Quarantine.IsOn, Math.Min(IoBufferPool.KeptMax, CreditBudget.DefaultTotal()));

    /// <summary>The size of a buffer of a file that is read or written in pieces: the wanted one, or if too many files are
    /// open for that, a share of what is left of what the buffers of all may come to.</summary>
    internal int BufferSizeFor(int wanted)
    {
        var total = Credits.Total;
        if (wanted <= total / (BuffersOfFile * Math.Max(1, Clients.Count)))
        {
            return wanted;
        }

        var share = (total - Buffers.LentBytes) / ShareOfRest & -IoBufferPool.SizeMin;
        return (int)Math.Min(Math.Max(share, IoBufferPool.SizeMin), wanted);
    }

    /// <summary>
    /// Lends memory that does not move and begins at a page, which satisfies <see cref="EngineFile.Alignment"/> of any
    /// file; its length is for the caller to choose as direct I/O asks. Disposing it gives it back to be lent again; up
    /// to 64 MiB wait for that, or a sixteenth of the memory that the process may use. More is left to the collector, as is
    /// what nobody disposes of.
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
