using Akka.Actor;
using Akka.Event;

namespace Actors.Host.Logging;

/// <summary>
/// Akka's log in one line for each event, to where <see cref="LogSink"/> says. Causes are named, not traced, unless
/// tracing is on.
/// </summary>
internal sealed class LineLogger : UntypedActor
{
    private LogSink? _sink;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                _sink = Context.System.Settings.Setup.Get<LogSink>() is { HasValue: true } sink ? sink.Value : null;
                Sender.Tell(new LoggerInitialized(), Self);
                break;
            case LogEvent log:
                _sink?.Write(log.LogLevel() == LogLevel.ErrorLevel, Line(log));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static string Line(LogEvent log)
    {
        var level = log.LogLevel() == LogLevel.ErrorLevel ? "error" : "warning";
        var text = $"{log.Message}".ReplaceLineEndings(" ");
        if (log.Cause is not { } cause)
        {
            return $"{level}: {text}";
        }

        return Tracing.IsOn ? $"{level}: {text}{Environment.NewLine}{cause}" : $"{level}: {text}: {cause.Message}";
    }
}
