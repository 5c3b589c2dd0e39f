using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Engine.Telemetry;

/// <summary>
/// A log that is looked up when something is first logged, by a thread that nobody waits for: what a container logs to
/// may itself be waiting for the engine that is just being started. Entries are kept until then.
/// </summary>
internal sealed class DeferredLogger(Func<ILogger> find) : ILogger
{
    /// <summary>Entries kept; a look-up that never comes back must not cost memory without end.</summary>
    private const int KeptMax = 256;

    private readonly Queue<Action<ILogger>> _kept = new();
    private ILogger? _found;
    private bool _isLookedUp;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => Volatile.Read(ref _found)?.IsEnabled(logLevel) ?? true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!TryKeep(log => Pass(log)))
        {
            Pass(_found!);
        }

        void Pass(ILogger log)
        {
            if (log.IsEnabled(logLevel))
            {
                log.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }

    private bool TryKeep(Action<ILogger> entry)
    {
        if (Volatile.Read(ref _found) is not null)
        {
            return false;
        }

        lock (_kept)
        {
            if (_found is not null)
            {
                return false;
            }

            if (_kept.Count < KeptMax)
            {
                _kept.Enqueue(entry);
            }

            if (!_isLookedUp)
            {
                _isLookedUp = true;
                ThreadPool.UnsafeQueueUserWorkItem(static log => log.LookUp(), this, preferLocal: false);
            }

            return true;
        }
    }

    private void LookUp()
    {
        ILogger found;
        try
        {
            found = new ForgivingLogger(find());
        }
        catch (Exception)
        {
            // As of a container that is disposed of already. There is nowhere to say it.
            found = NullLogger.Instance;
        }

        while (TakeKept(found) is { } entry)
        {
            entry(found);
        }
    }

    private Action<ILogger>? TakeKept(ILogger found)
    {
        lock (_kept)
        {
            if (!_kept.TryDequeue(out var entry))
            {
                Volatile.Write(ref _found, found);
            }

            return entry;
        }
    }
}
