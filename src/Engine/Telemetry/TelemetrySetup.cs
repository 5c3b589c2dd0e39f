using System.Diagnostics.Metrics;
using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;

namespace Actors.Engine.Telemetry;

/// <summary>Part of an actor system's setup: what the engine was told to log to and to be measured by.</summary>
/// <param name="loggers">Null for none of its own.</param>
/// <param name="meters">Null for the meter of the process.</param>
/// <param name="isOwnSystem">True when the actor system is there for the engine only, and has no log.</param>
/// <param name="findLoggers">Looks up what to log to, if <paramref name="loggers"/> is null. Called once, when something
/// is to be logged, on a thread that nobody waits for.</param>
internal sealed class TelemetrySetup(
    ILoggerFactory? loggers, IMeterFactory? meters, bool isOwnSystem, Func<ILoggerFactory?>? findLoggers = null) : Setup
{
    public ILoggerFactory? Loggers => loggers;

    public Func<ILoggerFactory?>? FindLoggers => findLoggers;

    public IMeterFactory? Meters => meters;

    public bool IsOwnSystem => isOwnSystem;
}
