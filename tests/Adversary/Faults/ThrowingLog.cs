using Microsoft.Extensions.Logging;

namespace Actors.Adversary.Faults;

/// <summary>A log that throws, whatever is asked of it.</summary>
internal sealed class ThrowingLog : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => throw new InvalidOperationException("a scope of a log that throws");

    public bool IsEnabled(LogLevel logLevel) =>
        logLevel >= LogLevel.Warning ? true : throw new InvalidOperationException("a log that throws");

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        throw new InvalidOperationException("a log that throws");

    public void Dispose()
    {
    }
}
