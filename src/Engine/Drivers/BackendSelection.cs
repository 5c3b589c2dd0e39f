using Actors.Engine.Configuration;

namespace Actors.Engine.Drivers;

/// <summary>Decides which backend an engine runs on. Only <c>auto</c> may fall back, and says why it did.</summary>
internal static class BackendSelection
{
    /// <summary>The named backend as it is, for whether it works shows when its drivers are made; for <c>auto</c> the
    /// best that works.</summary>
    public static (string Name, string Reason) Select(EngineSettings settings) =>
        settings.BackendName == BackendNames.Auto
            ? Choose(BackendProbe.Names.Select(name => Try(name, settings)))
            : (settings.BackendName, "configured");

    /// <summary>
    /// io-uring where the kernel lets us: the only one that never blocks a thread on buffered files. Otherwise
    /// thread-pool; linux-aio is asynchronous for direct I/O only, so it is never chosen for a caller who may open
    /// buffered files. On either, <see cref="Blocking.InlineFirstDriver"/> does what the page cache can do at once.
    /// </summary>
    public static (string Name, string Reason) Choose(IEnumerable<BackendStatus> statuses)
    {
        var ring = statuses.First(status => status.Name == BackendNames.IoUring);
        var (name, why) = ring.Available
            ? (BackendNames.IoUring, $"io_uring works ({ring.Details})")
            : (BackendNames.ThreadPool, $"io-uring is not available: {ring.Reason}");
        return (name, $"{why.TrimEnd('.')}. {name} does direct I/O, syncs, large transfers and reads that miss "
            + "the page cache, while small buffered writes and cached reads are done inline (actors.engine.backend.auto)");
    }

    /// <summary>What <c>auto</c> takes where a ring can be made, and not one for each shard.</summary>
    public static (string Name, string Reason) WithoutRings(int shards, string reason) => Choose(
        [new BackendStatus(BackendNames.IoUring, false, $"{shards} shards do not all get a ring: {reason}", "")]);

    /// <summary>The configured backend cannot be started, or none of those that <c>auto</c> may take.</summary>
    /// <param name="name">As configured.</param>
    /// <param name="choice">Why <c>auto</c> took the one that it tried last.</param>
    /// <param name="reason">Why that could not be started.</param>
    public static FileEngineConfigurationException Unavailable(string name, string choice, string reason) => new(
        name == BackendNames.Auto
            ? $"actors.engine.backend-name = auto: no backend can be started here. {reason} Or use fewer shards "
                + $"(actors.engine.shards). What was tried: {choice}."
            : $"actors.engine.backend-name = {name}: the backend is not available here. {reason} "
                + "Or let the engine choose with backend-name = auto.");

    /// <summary>Makes the driver and throws it away.</summary>
    public static BackendStatus Try(string name, EngineSettings settings)
    {
        try
        {
            using var driver = DriverFactory.Create(name, settings);
            return new BackendStatus(name, true, "", driver.Details);
        }
        catch (DriverUnavailableException e)
        {
            return new BackendStatus(name, false, e.Message, "");
        }
    }
}
