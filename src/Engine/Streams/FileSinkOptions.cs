namespace Actors.Engine.Streams;

/// <summary>How a <see cref="FileSink"/> writes, and when it makes durable what it wrote.</summary>
public sealed record FileSinkOptions
{
    /// <summary>Any but <see cref="OpenMode.Read"/>. Default <see cref="OpenMode.Write"/>: the file starts
    /// anew.</summary>
    public OpenMode Mode { get; init; } = OpenMode.Write;

    /// <summary>Where the first byte goes, 0 or more; what is there is overwritten. Null, the default: at the end of
    /// the file as <see cref="Mode"/> opens it.</summary>
    public long? StartPosition { get; init; }

    /// <summary>
    /// What the sink does once upstream has finished, before it closes the file and its result is told. Default
    /// <see cref="Durability.Sync"/>, as FileIO does; with <see cref="Durability.None"/> the kernel has every byte,
    /// and a crash of the machine may lose them.
    /// </summary>
    public Durability OnFinish { get; init; } = Durability.Sync;

    /// <summary>Sync while the stream runs whenever so many bytes have been written, more than 0. Null, the default:
    /// not for that.</summary>
    public long? SyncEveryBytes { get; init; }

    /// <summary>Sync while the stream runs at this interval, more than 0, if something has been written since. Null,
    /// the default: not for that.</summary>
    public TimeSpan? SyncEvery { get; init; }

    /// <summary>What those syncs make durable. Default <see cref="SyncScope.Data"/>.</summary>
    public SyncScope SyncScope { get; init; } = SyncScope.Data;

    /// <summary>To have what was written so far flushed on demand. Null, the default: nobody asks.</summary>
    public FlushSignal? FlushSignal { get; init; }

    /// <summary>How the file is opened; with <see cref="OpenOptions.Durability"/> every write is durable before the
    /// next one. Null for the defaults of <c>actors.engine</c>.</summary>
    public OpenOptions? File { get; init; }

    /// <summary>The engine that writes. Null for the one of the actor system that the stream runs in.</summary>
    public FileEngine? Engine { get; init; }

    internal void Validate()
    {
        if (Mode == OpenMode.Read)
        {
            throw new ArgumentException("A file opened for reading takes no writes", nameof(Mode));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(StartPosition ?? 0, nameof(StartPosition));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SyncEveryBytes ?? 1, nameof(SyncEveryBytes));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(
            SyncEvery ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(SyncEvery));
    }
}
