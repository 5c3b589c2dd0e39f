using Actors.Engine.Configuration;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.IoUring;
using Actors.Engine.Drivers.LinuxAio;
using Actors.Engine.Drivers.ThreadPool;

namespace Actors.Engine.Drivers;

/// <summary>Makes the driver of a backend. On the thread that will use it.</summary>
internal static class DriverFactory
{
    /// <summary>The driver of an engine: the backend's own, or under <c>auto</c> one that does before it what is better
    /// done inline.</summary>
    /// <param name="backend">The configured backend, or what <c>auto</c> chose.</param>
    /// <param name="settings">Those of the engine.</param>
    /// <param name="calls">The engine's system calls; null for those of this system.</param>
    /// <exception cref="DriverUnavailableException">This machine cannot run it.</exception>
    public static IDriver CreateFor(string backend, EngineSettings settings, SystemCalls? calls = null)
    {
        var auto = settings.Backend.Auto;
        var driver = Create(backend, settings, calls);
        return settings.BackendName == BackendNames.Auto && auto.InlineTransferMax > 0
            ? new InlineFirstDriver(driver, auto.InlineTransferMax, auto.InlineTurnMax, calls?.Blocking)
            : driver;
    }

    /// <exception cref="DriverUnavailableException">This machine cannot run it.</exception>
    public static IDriver Create(string backend, EngineSettings settings, SystemCalls? calls = null)
    {
        var options = settings.Backend;
        var blocking = calls?.Blocking;
        return backend switch
        {
            BackendNames.IoUring when OperatingSystem.IsLinux() =>
                new IoUringDriver(options.IoUring.Depth, options.IoUring.WorkersMax, blocking),
            BackendNames.LinuxAio when OperatingSystem.IsLinux() =>
                new LinuxAioDriver(options.LinuxAio.Depth, calls: blocking),
            BackendNames.IoUring or BackendNames.LinuxAio => throw new DriverUnavailableException(
                $"{backend} is a Linux interface.", "Use thread-pool."),
            BackendNames.ThreadPool => new ThreadPoolDriver(
                workers: options.ThreadPool.Workers ?? Environment.ProcessorCount, depth: options.InFlight, blocking),
            BackendNames.Sync or BackendNames.SyncThread => new SyncDriver(backend, blocking),
            _ => throw new ArgumentException($"There is no backend {backend}.", nameof(backend)),
        };
    }
}
