using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Tests.Scenario;

/// <summary>The system's calls, each write of which takes a time.</summary>
internal sealed class SlowCalls(TimeSpan took) : IBlockingCalls, IDisposable
{
    private readonly ManualResetEventSlim _never = new();

    public SystemCallsSetup Setup => new(SystemCalls.Platform with { Blocking = this });

    public void Perform(IoOperation operation)
    {
        if (operation.Kind == IoKind.Write)
        {
            _never.Wait(took);
        }

        BlockingCalls.Platform.Perform(operation);
    }

    public bool TryReadCached(IoOperation operation) => BlockingCalls.Platform.TryReadCached(operation);

    public void Dispose() => _never.Dispose();
}
