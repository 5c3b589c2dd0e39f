namespace Actors.Engine.Streams;

/// <summary>How a <see cref="FileSource"/> reads.</summary>
public sealed record FileSourceOptions
{
    /// <summary>Bytes of an element, at least 1; the last one may be shorter. Default 64 KiB. With
    /// <see cref="OpenOptions.Direct"/> it is rounded up to what the file system asks for.</summary>
    public int ChunkSize { get; init; } = 64 << 10;

    /// <summary>Chunks that may be read before anybody asks for them, 0 or more. Default 8. Nothing at all is read
    /// before the first demand; a run holds at most one chunk more than these.</summary>
    public int ReadAhead { get; init; } = 8;

    /// <summary>The first byte to be read, 0 or more; past the end of the file there is none. Default 0.</summary>
    public long StartPosition { get; init; }

    /// <summary>
    /// At the end of the file look at this interval, more than 0, for what was appended, as <c>tail -f</c> does, and
    /// never complete. The open file is followed, whatever its name is by now, unless <see cref="FollowName"/>. A file
    /// that has become shorter than what was read of it was truncated, and is read again from its start; one that has
    /// grown beyond that by the next look goes on where reading was. Null, the default: complete at the end of the file
    /// as it is when it is reached.
    /// </summary>
    public TimeSpan? FollowEvery { get; init; }

    /// <summary>
    /// With <see cref="FollowEvery"/> follow the name rather than the open file, as <c>tail -F</c> does: when the name
    /// leads to another file, as after a rotation of logs, read the open one to its end, and go on with the other from
    /// its start. While the name leads to none, wait for one. Linux only. Default false.
    /// </summary>
    public bool FollowName { get; init; }

    /// <summary>How the file is opened. Null for the defaults of <c>actors.engine</c>.</summary>
    public OpenOptions? File { get; init; }

    /// <summary>The engine that reads. Null for the one of the actor system that the stream runs in.</summary>
    public FileEngine? Engine { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkSize, 1, nameof(ChunkSize));
        ArgumentOutOfRangeException.ThrowIfNegative(ReadAhead, nameof(ReadAhead));
        ArgumentOutOfRangeException.ThrowIfNegative(StartPosition, nameof(StartPosition));
        if (FollowName && FollowEvery is null)
        {
            throw new ArgumentException("A name is followed at an interval", nameof(FollowName));
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(
            FollowEvery ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(FollowEvery));
    }
}
