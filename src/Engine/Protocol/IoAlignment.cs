namespace Actors.Engine;

/// <summary>What direct I/O on a file asks for, as the kernel says (statx(2), STATX_DIOALIGN).</summary>
/// <param name="Memory">The address of the data must be a multiple of this power of two, in bytes. <see
/// cref="PinnedMemory"/> is, for any.</param>
/// <param name="Offset">Offset and length must be multiples of this power of two, in bytes.</param>
public readonly record struct IoAlignment(int Memory, int Offset)
{
    /// <summary>Through the page cache anything goes.</summary>
    public static IoAlignment None => new(1, 1);

    /// <summary>Whether a position and a length are what it asks for.</summary>
    public bool Allows(long offset, long length) => ((offset | length) & (Offset - 1)) == 0;
}
