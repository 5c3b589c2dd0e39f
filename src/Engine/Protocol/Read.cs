namespace Actors.Engine;

/// <summary>
/// Reads at a position. Answered by <see cref="DataRead"/>; several may be in flight and may be answered in any order.
/// </summary>
/// <param name="Offset">First byte.</param>
/// <param name="Destination">
/// Where the bytes go. It belongs to the engine until the answer. Its length is how much is read.
/// </param>
/// <param name="Token">Comes back in the answer.</param>
public sealed record Read(long Offset, Memory<byte> Destination, long Token = 0) : FileCommand
{
    /// <inheritdoc/>
    public override int QueuedBytes => Destination.Length;

    internal override ReadOnlyMemory<byte> HeldMemory => Destination;
}

/// <summary>Answer to <see cref="Read"/>.</summary>
/// <param name="Token">As in the command.</param>
/// <param name="Offset">As in the command.</param>
/// <param name="Data">The part of the destination that was filled; shorter than it only at the end of the file.</param>
public sealed record DataRead(long Token, long Offset, ReadOnlyMemory<byte> Data) : EngineEvent;

/// <summary>What a <see cref="Demand"/> asks for.</summary>
public enum DemandUnit
{
    /// <summary>Bytes as they lie in the file: <see cref="Chunk"/>.</summary>
    Chunks,

    /// <summary>Whole lines, many to a batch: <see cref="LineBatch"/>.</summary>
    Lines,
}

/// <summary>
/// Asks for up to <paramref name="Count"/> further batches of the file, in order. They arrive as
/// <see cref="Chunk"/> or <see cref="LineBatch"/>, after them the answer, <see cref="DemandMet"/>. Nothing is sent that
/// was not asked for.
/// </summary>
/// <param name="Count">Batches, at least 1.</param>
/// <param name="Unit">Chunks or lines. One reader keeps to one unit.</param>
/// <param name="Token">Comes back in the answer.</param>
public sealed record Demand(int Count, DemandUnit Unit = DemandUnit.Chunks, long Token = 0) : FileCommand;

/// <summary>Answer to <see cref="Demand"/>, after the last batch that it brought.</summary>
/// <param name="Token">As in the command.</param>
/// <param name="Count">Batches sent for it; fewer than asked only at the end of the file.</param>
/// <param name="EndOfFile">True when the file has no more.</param>
public sealed record DemandMet(long Token, int Count, bool EndOfFile) : EngineEvent;

/// <summary>Reads the whole file from its start. Answered by <see cref="WholeFile"/>.</summary>
/// <param name="Token">Comes back in the answer.</param>
public sealed record ReadAll(long Token = 0) : FileCommand;

/// <summary>Answer to <see cref="ReadAll"/>.</summary>
/// <param name="Token">As in the command.</param>
/// <param name="Data">The content, in managed memory that is the receiver's.</param>
public sealed record WholeFile(long Token, ReadOnlyMemory<byte> Data) : EngineEvent;
