using System.Numerics;

namespace Actors.Engine;

/// <summary>
/// How a file is opened. Each of Python's modes has its counterpart: r <see cref="Read"/>, r+ <see
/// cref="ReadWriteExisting"/>, w <see cref="Write"/>, w+ <see cref="ReadWriteTruncate"/>, a <see cref="Append"/>, a+
/// <see cref="ReadWrite"/> (of which only appends are used), x <see cref="CreateNew"/>, x+ <see cref="ReadWriteNew"/>.
/// </summary>
public enum OpenMode
{
    /// <summary>Existing file, reading only.</summary>
    Read,

    /// <summary>Writing; created when missing, truncated when present.</summary>
    Write,

    /// <summary>Writing; created when missing; appends start at its end. Also of a file that may only grow (chattr
    /// +a).</summary>
    Append,

    /// <summary>Writing; fails with <see cref="FailureReason.AlreadyExists"/> when present.</summary>
    CreateNew,

    /// <summary>Positional reading and writing; created when missing, content kept; appends start at its end.</summary>
    ReadWrite,

    /// <summary>Positional reading and writing; fails with <see cref="FailureReason.NotFound"/> when missing, content
    /// kept; appends start at its end.</summary>
    ReadWriteExisting,

    /// <summary>Positional reading and writing; created when missing, truncated when present.</summary>
    ReadWriteTruncate,

    /// <summary>Positional reading and writing; fails with <see cref="FailureReason.AlreadyExists"/> when
    /// present.</summary>
    ReadWriteNew,
}

/// <summary>
/// To the coordinator: opens a file. Answered by <see cref="Opened"/>, whose sender is the file's handle, or by
/// <see cref="CommandFailed"/> from the coordinator or the file actor.
/// </summary>
/// <param name="Path">The file, absolute or relative to the current directory.</param>
/// <param name="Mode">What for.</param>
/// <param name="Options">Settings of this file; what is null there comes from <c>actors.engine</c>.</param>
public sealed record Open(string Path, OpenMode Mode, OpenOptions? Options = null) : EngineCommand;

/// <summary>When a writer answers its writes.</summary>
public enum AcknowledgeMode
{
    /// <summary>One <see cref="Written"/> for a run of writes, in order. Cheapest.</summary>
    Cumulative,

    /// <summary>One <see cref="Written"/> for each write.</summary>
    Each,
}

/// <summary>What <see cref="Written"/> promises beyond "the kernel has every byte".</summary>
public enum Durability
{
    /// <summary>Nothing; a later <see cref="Synced"/> makes it durable.</summary>
    None,

    /// <summary>The data is on the device (fdatasync) before it is acknowledged.</summary>
    DataSync,

    /// <summary>Data and metadata are on the device (fsync) before it is acknowledged.</summary>
    Sync,
}

/// <summary>Settings of one open file. A null takes the default of <c>actors.engine</c>.</summary>
public sealed record OpenOptions
{
    /// <summary>Gather writes that queue up behind the one in flight. Default <c>writer.coalesce</c>.</summary>
    public bool? Coalesce { get; init; }

    /// <summary>Default <c>writer.acknowledge</c>.</summary>
    public AcknowledgeMode? Acknowledge { get; init; }

    /// <summary>Default <c>writer.durability</c>.</summary>
    public Durability? Durability { get; init; }

    /// <summary>
    /// Positional reads and writes of this file that may be in the kernel at once. Default <c>file.in-flight</c>;
    /// appends are always one at a time.
    /// </summary>
    public int? InFlight { get; init; }

    /// <summary>Bytes of a chunk in sequential reading, a power of two. Default <c>reader.chunk-size</c>.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>
    /// The shard that the file should live on, 0-based, below <c>FileEngine.ShardCount</c>. A client actor on that
    /// shard's dispatcher talks to the file without leaving the thread. Default: the engine chooses.
    /// </summary>
    public int? Shard { get; init; }

    /// <summary>Permission bits of a created file, of which umask takes away its own. Default 0666, as of every
    /// program.</summary>
    public UnixFileMode CreateMode { get; init; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>
    /// Bypass the page cache (O_DIRECT, Linux). Offsets and lengths of reads and writes must then be multiples of <see
    /// cref="Opened.Alignment"/>, and so must the addresses of destinations and of data larger than
    /// <c>writer.buffer-size</c>; what is not is answered <see cref="FailureReason.InvalidArgument"/>. Sequential reading
    /// sees to it by itself. Fails with <see cref="FailureReason.NotSupported"/> where the file system cannot.
    /// </summary>
    public bool Direct { get; init; }

    /// <summary>Take an exclusive advisory lock (flock, Linux) against other processes; fails with
    /// <see cref="FailureReason.Locked"/> when it is held. Other .NET programs take a shared one on every file that they
    /// open, so it shuts out their readers too, and fails while one has the file open.</summary>
    public bool AdvisoryLock { get; init; }

    /// <summary>
    /// The longest that one kernel operation of this file may take before its commands are answered
    /// <see cref="FailureReason.TimedOut"/>. Default <c>file.operation-timeout</c>; zero or infinite means no limit.
    /// </summary>
    public TimeSpan? OperationTimeout { get; init; }

    /// <summary>What is wrong with a mode and options; null when nothing is.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="options">The options.</param>
    /// <param name="shards">How many there are.</param>
    internal static string? FaultOf(OpenMode mode, OpenOptions? options, int shards) => (mode, options) switch
    {
        _ when !Enum.IsDefined(mode) => $"{nameof(OpenMode)} {mode} does not exist",
        (_, { Shard: { } shard }) when shard < 0 || shard >= shards =>
            $"shard {shard} does not exist; there are {shards}, numbered from 0",
        (_, { ChunkSize: { } size }) when size < 4096 || size > 16 << 20 || !BitOperations.IsPow2(size) =>
            $"a chunk size of {size} is not a power of two from 4 KiB to 16 MiB",
        (_, { InFlight: < 1 }) => "fewer than one operation in flight",
        (_, { Acknowledge: { } acknowledge }) when !Enum.IsDefined(acknowledge) =>
            $"{nameof(AcknowledgeMode)} {acknowledge} does not exist",
        (_, { Durability: { } durability }) when !Enum.IsDefined(durability) =>
            $"{nameof(Engine.Durability)} {durability} does not exist",
        (_, { OperationTimeout: { } limit }) when limit < TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan =>
            $"an operation timeout of {limit} is negative",
        _ => null,
    };

    /// <summary>What is opened when the file is known by another name: one that stands for another until it is whole.
    /// Absolute.</summary>
    internal string? OpenedPath { get; init; }
}

/// <summary>
/// Answer to <see cref="Open"/>. <b>The sender is the file actor</b>: all further commands go to it.
/// </summary>
/// <param name="Path">As in the command.</param>
/// <param name="Mode">As in the command.</param>
/// <param name="Length">Bytes in the file at open, after truncation if the mode truncates.</param>
/// <param name="Credits">
/// How many commands may be unanswered at a time. A sender that keeps to it is never refused for a full mailbox.
/// </param>
/// <param name="CreditBytes">How many bytes of data may be unanswered at a time; one larger write is accepted when
/// nothing else is unanswered.</param>
/// <param name="Shard">The shard that the file lives on.</param>
/// <param name="DispatcherId">The dispatcher of that shard, for client actors that want to be co-located.</param>
/// <param name="Backend">The backend that does the file's I/O, e.g. <c>io-uring</c>.</param>
public sealed record Opened(
    string Path,
    OpenMode Mode,
    long Length,
    int Credits,
    int CreditBytes,
    int Shard,
    string DispatcherId,
    string Backend) : EngineEvent
{
    /// <summary>What offsets, lengths and memory of the commands must be multiples of; only direct I/O asks for
    /// anything.</summary>
    public IoAlignment Alignment { get; init; } = IoAlignment.None;
}
