namespace Actors.Engine.Drivers;

/// <summary>The backends' names, as in configuration.</summary>
internal static class BackendNames
{
    public const string Auto = "auto";
    public const string IoUring = "io-uring";
    public const string LinuxAio = "linux-aio";
    public const string ThreadPool = "thread-pool";
    public const string Sync = "sync";
    public const string SyncThread = "sync-thread";
}
