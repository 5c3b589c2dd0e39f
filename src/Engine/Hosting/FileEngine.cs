using Actors.Engine.Actors;
using Actors.Engine.Backpressure;
using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Metrics;
using Actors.Engine.Shards;
using Actors.Engine.Telemetry;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace Actors.Engine;

/// <summary>
/// The engine of one actor system: its coordinator, its metrics actor, and where its shards are. Get it with
/// <c>system.FileEngine()</c>; the first call starts it. It stops with the system. Thread-safe.
/// </summary>
public sealed partial class FileEngine : IExtension, IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What the parts of an engine may take to end, beyond the time that they were given, before they are waited
    /// for no longer.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>The most that <c>buffers.size-max = auto</c> comes to, in bytes.</summary>
    private const long BuffersMax = 64 << 20;

    private static readonly Config StandaloneConfig = ConfigurationFactory.ParseString(
        """
        akka.stdout-loglevel = OFF
        akka.loggers = []
        akka.log-dead-letters = off
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        """);

    private readonly Lock _starting = new();
    private readonly Shard[] _shards;
    private readonly bool _blocksShards;
    private ActorSystem? _ownSystem;
    private ITimer? _stopCallers;
    private ITimer? _abandonCallers;

    internal FileEngine(ExtendedActorSystem system)
    {
        Settings = EngineSettings.Create(system.Settings.Config);
        system.Settings.InjectTopLevelFallback(EngineSettings.ReferenceConfig);
        DrainPhase.MakeRoom(system, Settings.Coordinator.DrainTimeout);
        (Backend, BackendReason) = BackendSelection.Select(Settings);
        IsThreadPerFile = Backend == BackendNames.SyncThread;
        var count = IsThreadPerFile
            ? Settings.Backend.SyncThread.ThreadsMax
            : Settings.Shards ?? Environment.ProcessorCount;
        Settings.Validate(count, Backend);
        CallerMetrics = new CallerMetrics(Settings.Metrics.SampleEvery);
        var scripted = system.Settings.Setup.Get<DriverSetup>().HasValue;
        _blocksShards = !scripted && Backend is (BackendNames.Sync or BackendNames.SyncThread);
        InlineTransferMax = !scripted && Settings.BackendName == BackendNames.Auto
            ? Settings.Backend.Auto.InlineTransferMax
            : 0;
        var loops = system.Settings.Setup.Get<LoopSetup>();
        Clock = loops.HasValue ? loops.Value.Clock : TimeProvider.System;
        Telemetry = new EngineTelemetry(system);
        Credits = new CreditBudget(
            Settings.File.CreditBytesTotal ?? CreditBudget.DefaultTotal(), Settings.File.CreditBytes);
        var calls = system.Settings.Setup.Get<SystemCallsSetup>();
        Calls = calls.HasValue ? calls.Value.Calls : SystemCalls.Platform;
        FileSizeSignal.Survive();
        _shards = CreateShards(system, count);
        try
        {
            try
            {
                StartShards();
            }
            catch (DriverUnavailableException e)
                when (!scripted && Settings.BackendName == BackendNames.Auto && Backend == BackendNames.IoUring)
            {
                // One ring could be made, and not one for each shard.
                StopShards();
                (Backend, BackendReason) = BackendSelection.WithoutRings(count, e.Message);
                _shards = CreateShards(system, count);
                StartShards();
            }

            // Counted now that the drivers have theirs; a thread per file takes one more when it starts, and one has.
            OpenFilesMax = DescriptorLimit.OpenFilesMax(Settings.Coordinator, IsThreadPerFile ? count - 1 : 0);
        }
        catch (DriverUnavailableException e)
        {
            StopShards();
            throw BackendSelection.Unavailable(Settings.BackendName, BackendReason, e.Message);
        }
        catch
        {
            StopShards();
            throw;
        }

        RegisterDispatchers(system);
        Telemetry.Begin(this);
        system.RegisterOnTermination(() =>
        {
            StopShards();
            Clients.Stop();
            Telemetry.End(this);
        });
        AnswerDeadLetters(system);
        TerminationWatch.Begin(system, () => EndCallersAfter(Grace));
    }

    /// <summary>Starts an engine in an actor system of its own, for programs that have none. Dispose of it.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="FileEngineConfigurationException">A setting is wrong, or a named backend is not
    /// available.</exception>
    public static FileEngine Start(FileEngineOptions? options = null) =>
        StartWith(options ?? new FileEngineOptions(), findLoggers: null);

    /// <summary>Starts an engine whose log is looked up when something is first logged, unless the options name one.
    /// </summary>
    internal static FileEngine StartWith(FileEngineOptions options, Func<ILoggerFactory?>? findLoggers)
    {
        var setup = BootstrapSetup.Create()
            .WithConfig(options.ToConfig().WithFallback(StandaloneConfig))
            .And(new TelemetrySetup(options.LoggerFactory, options.MeterFactory, isOwnSystem: true, findLoggers));
        var system = ActorSystem.Create("file-engine", setup);
        try
        {
            var engine = system.FileEngine();
            engine._ownSystem = system;
            return engine;
        }
        catch
        {
            system.Terminate();
            throw;
        }
    }

    /// <summary>Takes <see cref="Open"/>, the file-system commands and <see cref="Drain"/>.</summary>
    public IActorRef Coordinator { get; private set; } = ActorRefs.Nobody;

    /// <summary>Takes <see cref="CollectMetrics"/>.</summary>
    public IActorRef Metrics { get; private set; } = ActorRefs.Nobody;

    /// <summary>The settings that it runs with.</summary>
    public EngineSettings Settings { get; }

    /// <summary>The backend that does the I/O: the configured one, or what <c>auto</c> chose.</summary>
    public string Backend { get; }

    /// <summary>Why that backend: "configured", or what <c>auto</c> weighed.</summary>
    public string BackendReason { get; }

    /// <summary>How many shards there are. A file is on one of 0 to ShardCount - 1.</summary>
    public int ShardCount => _shards.Length;

    /// <summary>Most files that may be open at once, as configured or as RLIMIT_NOFILE allows.</summary>
    public int OpenFilesMax { get; }

    /// <summary>True when every file has a shard to itself (<c>sync-thread</c>).</summary>
    internal bool IsThreadPerFile { get; }

    /// <summary>True when <c>auto</c> did without io-uring.</summary>
    internal bool HasFallenBack => Settings.BackendName == BackendNames.Auto && Backend != BackendNames.IoUring;

    internal EngineTelemetry Telemetry { get; }

    /// <summary>What time limits are kept by.</summary>
    internal TimeProvider Clock { get; }

    internal SystemCalls Calls { get; }

    internal EngineCounters Counters { get; } = new();

    /// <summary>Bytes of the largest transfer that callers may do on their own threads; 0 unless <c>auto</c> has shards
    /// do such transfers inline.</summary>
    internal int InlineTransferMax { get; }

    internal WriteBackoff CallerBackoff { get; } = new(slowMax: 2);

    internal CallerMetrics CallerMetrics { get; }

    /// <summary>The files open for writing.</summary>
    internal WriterRegistry Writers { get; } = new();

    /// <summary>The windows of all open files.</summary>
    internal CreditBudget Credits { get; }

    internal IReadOnlyList<Shard> Shards => _shards;

    /// <summary>
    /// The dispatcher of a shard, for <c>Props.WithDispatcher</c>: a client actor there talks to the shard's files
    /// without leaving their thread. Such an actor must never block.
    /// </summary>
    /// <param name="shard">0 to ShardCount - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    public string DispatcherId(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, _shards.Length);
        return _shards[shard].DispatcherId;
    }

    /// <summary>Starts the actors, once. Apart from the constructor because the actors look the extension up.</summary>
    internal void EnsureActors(ExtendedActorSystem system)
    {
        lock (_starting)
        {
            if (Metrics.IsNobody())
            {
                StartActors(system);
            }
        }
    }

    /// <summary>Drains and stops an engine that was started with <see cref="Start"/>: files that are still open finish
    /// what they were sent, within <c>coordinator.drain-timeout</c>, and are closed. One that belongs to somebody's actor
    /// system stops with that, and not here.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ownSystem is { } system)
        {
            await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance).ConfigureAwait(false);
        }
    }

    /// <summary>Ends what the kernel keeps, wherever it keeps a shard's thread: see <see cref="Shard.EndWhatIsStuck"/>.
    /// </summary>
    internal void EndWhatIsStuck()
    {
        foreach (var shard in _shards)
        {
            shard.EndWhatIsStuck();
        }
    }

    /// <summary>Ends all callers, whatever the system and the engine's actors still do: first those whose calls no actor
    /// will answer, then those whose calls on paths do not end by themselves.</summary>
    private void EndCallersAfter(TimeSpan time)
    {
        lock (_starting)
        {
            _stopCallers ??= Clock.CreateTimer(_ => StopCallers(), null, time, Timeout.InfiniteTimeSpan);
            _abandonCallers ??= Clock.CreateTimer(
                _ => Clients.Abandon(), null, time + Grace, Timeout.InfiniteTimeSpan);
        }
    }

    private void StopCallers()
    {
        EndWhatIsStuck();
        Clients.Stop();
    }

    private void StartActors(ExtendedActorSystem system)
    {
        Coordinator = system.SystemActorOf(
            ActorFactory<CoordinatorActor>.Props(() => new CoordinatorActor(this, _shards)), "file-engine");
        Metrics = system.SystemActorOf(
            ActorFactory<MetricsActor>.Props(() => new MetricsActor(this, _shards)), "file-engine-metrics");
        DrainOnShutdown(system);
    }

    /// <summary>Sends to a client, whose mailbox may be anybody's code.</summary>
    internal void Tell(IActorRef client, object message, IActorRef sender)
    {
        if (client.TryTell(message, sender) is { } thrown)
        {
            OnDefect(client.GetType().Name, thrown);
        }
    }

    /// <summary>One of the engine's actors has caught its own defect, and goes on.</summary>
    internal void OnDefect(string actor, Exception exception)
    {
        Counters.CountError();
        Telemetry.Log.ActorFailed(actor, exception);
    }

    /// <summary>Why a file with these options cannot be opened on this backend, or null.</summary>
    /// <param name="options">Of the open.</param>
    /// <param name="limit">The time limit of its operations; zero or less for none.</param>
    internal string? RefuseOpen(OpenOptions options, TimeSpan limit)
    {
        var buffered = Backend == BackendNames.LinuxAio && !options.Direct;
        if (buffered && !Settings.Backend.LinuxAio.AllowBuffered)
        {
            return "linux-aio is asynchronous only with direct I/O; on a buffered file io_submit blocks. Open with "
                + "OpenOptions.Direct, or set actors.engine.backend.linux-aio.allow-buffered = on";
        }

        var setting = options.OperationTimeout is null
            ? "leave actors.engine.file.operation-timeout at infinite"
            : "open without OpenOptions.OperationTimeout";
        return limit > TimeSpan.Zero && (_blocksShards || buffered)
            ? $"{Backend} makes its calls on the shard's own thread, which cannot keep an operation-timeout meanwhile. "
                + $"Use auto, io-uring or thread-pool, or {setting}"
            : null;
    }

    private Shard[] CreateShards(ExtendedActorSystem system, int count)
    {
        var bytes = Settings.Buffers.SizeMax / count
            ?? Math.Max(Math.Min(BuffersMax, CreditBudget.DefaultTotal()) / count, Settings.BuffersNeeded);
        var setup = system.Settings.Setup.Get<DriverSetup>();
        var loops = system.Settings.Setup.Get<LoopSetup>();
        var shards = new Shard[count];
        for (var i = 0; i < count; i++)
        {
            var index = i;
            var shard = new Shard(
                i, Settings,
                () => setup.HasValue ? setup.Value.Create(index) : CreateDriver(system, index), bytes,
                new ShardWatch(index, Counters, Telemetry.Log), loops.HasValue ? loops.Value : null);
            shards[i] = shard;
        }

        return shards;
    }

    private void RegisterDispatchers(ExtendedActorSystem system)
    {
        foreach (var shard in _shards)
        {
            system.Dispatchers.RegisterConfigurator(
                shard.DispatcherId,
                new ShardDispatcher(
                    shard.DispatcherId, shard.Loop, Settings.EventLoop.Throughput, system.Dispatchers.Prerequisites));
        }
    }

    private IDriver CreateDriver(ExtendedActorSystem system, int shard)
    {
        var driver = DriverFactory.CreateFor(Backend, Settings, Calls);
        var setup = system.Settings.Setup.Get<SystemCallsSetup>();
        return setup.HasValue ? setup.Value.Decorate(shard, driver) : driver;
    }

    /// <summary>One thread per file starts when its file comes; the others start now, so that a driver that cannot be
    /// made is an error of the start.</summary>
    /// <exception cref="DriverUnavailableException">A shard has no driver, or no thread.</exception>
    private void StartShards()
    {
        var starting = IsThreadPerFile ? _shards[..1] : _shards;
        try
        {
            Task.WaitAll([.. starting.Select(shard => shard.Loop.Start())]);
        }
        catch (AggregateException e) when (e.InnerException is DriverUnavailableException cause)
        {
            throw new DriverUnavailableException(cause.Reason, cause.Remedy, cause.Errno);
        }
    }

    private void StopShards()
    {
        foreach (var shard in _shards)
        {
            shard.Loop.RequestStop();
        }

        var start = Environment.TickCount64;
        foreach (var shard in _shards)
        {
            var left = StopTimeout.TotalMilliseconds - (Environment.TickCount64 - start);
            shard.Stop(TimeSpan.FromMilliseconds(Math.Max(0, left)));
        }
    }

    private static void AnswerDeadLetters(ExtendedActorSystem system)
    {
        var path = system.Provider.RootPath / "file-engine-dead-letters";
        system.EventStream.Subscribe(new DeadLetterAnswerer(path, system.Provider), typeof(DeadLetter));
    }

    private void DrainOnShutdown(ExtendedActorSystem system)
    {
        var shutdown = CoordinatedShutdown.Get(system);
        var deadline = Settings.Coordinator.DrainTimeout;
        if (DrainPhase.LimitOf(shutdown) is var limit && limit < deadline)
        {
            Telemetry.Log.DrainIsCut(DrainPhase.Name, shutdown.Timeout(DrainPhase.Name), limit, deadline);
            deadline = limit;
        }

        shutdown.AddTask(DrainPhase.Name, "file-engine-drain", async () =>
        {
            var drained = Coordinator.Ask<EngineEvent>(new Drain(deadline), Timeout.InfiniteTimeSpan);
            try
            {
                await drained.WaitAsync(deadline + (2 * Grace), Clock).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                EndCallersAfter(TimeSpan.Zero);
            }

            return Akka.Done.Instance;
        });
    }
}
