namespace Actors.Engine;

/// <summary>How a <see cref="FileEngineStream"/> buffers.</summary>
public sealed record FileEngineStreamOptions
{
    /// <summary>Bytes that reads are done in, and that small writes are gathered up to; 4 KiB to 1 MiB. Default
    /// 32 KiB.</summary>
    public int BufferSize { get; init; } = 32 << 10;

    /// <summary>How the file itself is opened. Null for the defaults of <c>actors.engine</c>. Direct I/O is for reading
    /// only: a stream's writes are not aligned.</summary>
    public OpenOptions? File { get; init; }

    internal FileReaderOptions Reading => new() { ChunkSize = BufferSize };

    /// <exception cref="ArgumentException">An option is out of range, or not for the mode.</exception>
    internal void Validate(OpenMode mode, bool direct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferSize, 4 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BufferSize, 1 << 20);
        if (mode != OpenMode.Read && direct)
        {
            throw new ArgumentException(
                "a stream writes at any position, which direct I/O cannot; write aligned blocks to the EngineFile, "
                + "or open it without Direct");
        }
    }
}
