namespace Actors.Engine;

/// <summary>
/// Writes <paramref name="Data"/>. Answered by a <see cref="Written"/> that covers it, once the kernel has every byte.
/// </summary>
/// <param name="Data">
/// The bytes. <b>They belong to the engine until the answer</b>: do not change or reuse the memory before it.
/// </param>
/// <param name="Offset">Where to write, in bytes from the start, or <see cref="Append"/>.</param>
/// <param name="Token">Any number; comes back in the answer.</param>
/// <remarks>
/// Appends are performed in order of arrival. Positional writes may be performed, and answered, in another order;
/// those that reach beyond the end of the file keep theirs to the appends before and after them.
/// </remarks>
public sealed record Write(ReadOnlyMemory<byte> Data, long Offset = Write.Append, long Token = 0) : FileCommand
{
    /// <summary>The <see cref="Offset"/> that stands for "at the end".</summary>
    public const long Append = -1;

    /// <inheritdoc/>
    public override int QueuedBytes => Data.Length;

    internal override ReadOnlyMemory<byte> HeldMemory => Data;
}

/// <summary>
/// The answer to <paramref name="Count"/> writes. With <see cref="AcknowledgeMode.Cumulative"/> it covers the oldest
/// unanswered appends, in order; positional writes are always answered singly, by token.
/// </summary>
/// <param name="Count">How many writes it answers, at least 1.</param>
/// <param name="LastToken">The token of the last of them.</param>
/// <param name="Bytes">The bytes of all of them.</param>
/// <remarks>
/// Written is not durable: a crash of the machine can lose it until a later <see cref="Synced"/>, unless the file was
/// opened with a <see cref="Durability"/>.
/// </remarks>
public sealed record Written(int Count, long LastToken, long Bytes) : EngineEvent;
