using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Tests.Scenario;

/// <summary>Blocking calls that touch no file: they transfer everything unless told otherwise, and take their
/// time.</summary>
internal sealed class ScriptedCalls(ManualClock clock) : IBlockingCalls
{
    public TimeSpan Took { get; set; }

    public bool Cached { get; set; } = true;

    public int Performed { get; private set; }

    /// <summary>The kernel's answers to the next calls; then it is everything that was asked for.</summary>
    public Queue<long> Results { get; } = new();

    /// <summary>Called in the middle of each call.</summary>
    public Action? During { get; set; }

    public void Perform(IoOperation operation)
    {
        Performed++;
        clock.Now += Took;
        During?.Invoke();
        operation.Result = Results.TryDequeue(out var result) ? result : operation.Length - operation.Done;
    }

    public bool TryReadCached(IoOperation operation)
    {
        if (Cached)
        {
            Perform(operation);
        }

        return Cached;
    }
}
