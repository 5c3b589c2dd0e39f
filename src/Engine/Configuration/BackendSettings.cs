namespace Actors.Engine.Configuration;

/// <summary><c>backend</c>.</summary>
public sealed record BackendSettings(
    int InFlight,
    int QueueMessages,
    AutoSettings Auto,
    IoUringSettings IoUring,
    LinuxAioSettings LinuxAio,
    ThreadPoolSettings ThreadPool,
    SyncThreadSettings SyncThread)
{
    internal static BackendSettings Read(ConfigReader reader) => new(
        reader.GetInt("in-flight", 1, 32_768),
        reader.GetInt("queue-messages", 16, 1_048_576),
        AutoSettings.Read(reader.GetSection("auto")),
        IoUringSettings.Read(reader.GetSection("io-uring")),
        LinuxAioSettings.Read(reader.GetSection("linux-aio")),
        ThreadPoolSettings.Read(reader.GetSection("thread-pool")),
        SyncThreadSettings.Read(reader.GetSection("sync-thread")));
}
