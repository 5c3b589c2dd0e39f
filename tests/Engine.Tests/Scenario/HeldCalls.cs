using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.ThreadPool;

namespace Actors.Engine.Tests.Scenario;

/// <summary>The system's calls, some of which do not come back until they are let go, as on a disk that stands
/// still.</summary>
internal sealed class HeldCalls : IBlockingCalls, IDisposable
{
    private readonly ManualResetEventSlim _letGo = new();
    private int _held;

    /// <summary>Which calls are held; looked at when each begins.</summary>
    public Func<IoOperation, bool> Holds { get; set; } = _ => false;

    /// <summary>Calls that are held now, or were and have not ended.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>The engine's part of an actor system's setup.</summary>
    public SystemCallsSetup Setup => new(SystemCalls.Platform with { Blocking = this });

    /// <summary>The same; what <c>auto</c> does not do inline goes to a thread pool, whose calls these are too.</summary>
    public SystemCallsSetup SetupBelowInline => new(
        SystemCalls.Platform with { Blocking = this },
        (_, driver) =>
        {
            if (driver is not InlineFirstDriver)
            {
                return driver;
            }

            driver.Dispose();
            return new InlineFirstDriver(new ThreadPoolDriver(2, 256, this), 64 << 10, 1 << 20, this);
        });

    public void LetGo() => _letGo.Set();

    public void Perform(IoOperation operation)
    {
        if (_letGo.IsSet || !Holds(operation))
        {
            BlockingCalls.Platform.Perform(operation);
            return;
        }

        Interlocked.Increment(ref _held);
        _letGo.Wait();
        BlockingCalls.Platform.Perform(operation);
        Interlocked.Decrement(ref _held);
    }

    public bool TryReadCached(IoOperation operation) => BlockingCalls.Platform.TryReadCached(operation);

    public void Dispose() => LetGo();
}
