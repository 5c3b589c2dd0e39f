using System.Diagnostics;
using System.Diagnostics.Metrics;
using Actors.Engine.Metrics;
using Akka.Actor;
using Akka.DependencyInjection;
using Akka.Event;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Engine.Telemetry;

/// <summary>How one engine is observed: its log, its part in a meter, and the figures that the meter reads.</summary>
internal sealed class EngineTelemetry
{
    private readonly EngineMeter _meter;
    private EngineFigures _figures = EngineFigures.None;

    /// <summary>
    /// Logs to what the engine was given, or to what the system's container has, or else to Akka's log; a system of the
    /// engine's own has none.
    /// </summary>
    public EngineTelemetry(ExtendedActorSystem system)
    {
        var given = system.Settings.Setup.Get<TelemetrySetup>();
        var container = system.Settings.Setup.Get<DependencyResolverSetup>();
        var services = container.HasValue ? container.Value.DependencyResolver : null;
        var meters = (given.HasValue ? given.Value.Meters : null) ?? services?.GetService<IMeterFactory>();
        Func<ILoggerFactory?>? find = services is null ? null : services.GetService<ILoggerFactory>;
        Log = new EngineLog(new ForgivingLogger(LoggerOf(system, given.HasValue ? given.Value : null, find)));
        _meter = EngineMeter.Of(meters);
        Name = system.Name;
    }

    public EngineLog Log { get; }

    /// <summary>The actor system's; with a number when the meter has one of that name.</summary>
    public string Name { get; private set; }

    /// <summary>What every measurement of this engine carries.</summary>
    public TagList Tags { get; private set; }

    public EngineFigures Figures => Volatile.Read(ref _figures);

    /// <summary>The engine works: it is measured from now on.</summary>
    public void Begin(FileEngine engine)
    {
        _meter.Add(engine);
        Log.Started(Name, engine.Backend, engine.ShardCount, engine.BackendReason);
        if (engine.HasFallenBack)
        {
            Log.FellBack(engine.Backend, engine.BackendReason);
        }
    }

    /// <summary>By the meter, which knows what names there are.</summary>
    public void Identify(string name, string backend)
    {
        Name = name;
        Tags = new TagList { { "actors.engine.name", name }, { "actors.engine.backend", backend } };
    }

    public void End(FileEngine engine) => _meter.Remove(engine);

    private static ILogger LoggerOf(
        ExtendedActorSystem system, TelemetrySetup? given, Func<ILoggerFactory?>? findInContainer)
    {
        if (given?.Loggers is { } loggers)
        {
            return ForeignCode.Try(() => loggers.CreateLogger(FileEngineTelemetry.LogCategory)) ?? NullLogger.Instance;
        }

        var otherwise = given?.IsOwnSystem == true
            ? NullLogger.Instance
            : (ILogger)new AkkaLogger(Logging.GetLogger(system, FileEngineTelemetry.LogCategory));
        return (given?.FindLoggers ?? findInContainer) is { } find
            ? new DeferredLogger(() => find()?.CreateLogger(FileEngineTelemetry.LogCategory) ?? otherwise)
            : otherwise;
    }

    /// <summary>By the metrics actor: a shard's report.</summary>
    public void Add(ShardMetrics report)
    {
        Volatile.Write(ref _figures, _figures.Plus(report));
        _meter.Record(report.Total, Tags);
    }

    /// <summary>By the metrics actor: the coordinator's report.</summary>
    public void SetOpens(int open, int queued) =>
        Volatile.Write(ref _figures, _figures with { OpenFiles = open, QueuedOpens = queued });
}
