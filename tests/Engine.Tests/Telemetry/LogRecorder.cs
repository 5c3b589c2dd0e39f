using System.Collections.Concurrent;
using Actors.Engine.Tests.Scenario;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Actors.Engine.Tests.Telemetry;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogRecorder : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyCollection<Entry> Entries => _entries;

    /// <summary>Thrown by every call once it is set.</summary>
    public Exception? Fault { get; set; }

    public string? Category { get; private set; }

    public bool Has(int id) => _entries.Any(entry => entry.Id == id);

    /// <summary>Waits for an entry that another thread logs.</summary>
    public async Task UntilHasAsync(int id)
    {
        var deadline = Environment.TickCount64 + (long)EngineScenario.Patience.TotalMilliseconds;
        while (!Has(id))
        {
            Assert.True(Environment.TickCount64 < deadline, $"nothing with id {id} was logged");
            await Task.Yield();
        }
    }

    public Entry One(int id) => _entries.Single(entry => entry.Id == id);

    public ILogger CreateLogger(string categoryName)
    {
        Category = categoryName;
        return this;
    }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (Fault is { } fault)
        {
            throw fault;
        }

        _entries.Enqueue(new Entry(eventId.Id, logLevel, formatter(state, exception), exception));
    }

    internal sealed record Entry(int Id, LogLevel Level, string Text, Exception? Exception);
}
