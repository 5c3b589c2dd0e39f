namespace Actors.Engine.Configuration;

/// <summary>
/// The settings of one engine, read and checked once at start from <c>actors.engine</c>; each property stands for the
/// key of the same name in reference.conf, where meaning, unit, legal values and default are.
/// </summary>
public sealed record EngineSettings(
    string BackendName,
    int? Shards,
    EventLoopSettings EventLoop,
    CoordinatorSettings Coordinator,
    FileSettings File,
    WriterSettings Writer,
    ReaderSettings Reader,
    BufferSettings Buffers,
    BackendSettings Backend,
    MetricsSettings Metrics);

/// <summary><c>event-loop</c>.</summary>
public sealed record EventLoopSettings(int Throughput, TimeSpan Spin);

/// <summary><c>coordinator</c>. A null <paramref name="OpenFilesMax"/> is auto.</summary>
public sealed record CoordinatorSettings(
    int? OpenFilesMax,
    int DescriptorReserve,
    TimeSpan OpenQueueTimeout,
    int PlacementRun,
    TimeSpan DrainTimeout);

/// <summary><c>file</c>. An infinite timeout is <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>.</summary>
public sealed record FileSettings(
    int QueueMessages,
    int QueueBytes,
    int CreditMessages,
    int CreditBytes,
    int InFlight,
    TimeSpan OperationTimeout);

/// <summary><c>writer</c>.</summary>
public sealed record WriterSettings(bool Coalesce, AcknowledgeMode Acknowledge, Durability Durability, int BufferSize);

/// <summary><c>reader</c>.</summary>
public sealed record ReaderSettings(int ChunkSize, int ReadAhead, int LineSizeMax, int WholeFileMax);

/// <summary><c>buffers</c>.</summary>
public sealed record BufferSettings(long SizeMax);

/// <summary><c>backend</c>.</summary>
public sealed record BackendSettings(
    int InFlight,
    int QueueMessages,
    IoUringSettings IoUring,
    LinuxAioSettings LinuxAio,
    ThreadPoolSettings ThreadPool,
    SyncThreadSettings SyncThread);

/// <summary><c>backend.io-uring</c>.</summary>
public sealed record IoUringSettings(int Depth, int WorkersMax);

/// <summary><c>backend.linux-aio</c>.</summary>
public sealed record LinuxAioSettings(int Depth, bool AllowBuffered);

/// <summary><c>backend.thread-pool</c>. A null <paramref name="Workers"/> is auto.</summary>
public sealed record ThreadPoolSettings(int? Workers);

/// <summary><c>backend.sync-thread</c>.</summary>
public sealed record SyncThreadSettings(int ThreadsMax);

/// <summary><c>metrics</c>.</summary>
public sealed record MetricsSettings(TimeSpan Interval, int SampleEvery, TimeSpan HeapInterval);
