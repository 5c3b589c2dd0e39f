using System.Diagnostics;
using Actors.Engine;

namespace Actors.Adversary.Faults;

/// <summary>A listener to the engine's activities that throws now and then: when it is asked, told of a start, told of an
/// end.</summary>
internal static class ThrowingListener
{
    private static int _calls;

    /// <summary>Listens until it is disposed of.</summary>
    public static ActivityListener Begin()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == FileEngineTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                Throw(7) ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStarted = _ => Throw(5),
            ActivityStopped = _ => Throw(3),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static bool Throw(int every) => Interlocked.Increment(ref _calls) % every != 0
        ? true
        : throw new InvalidOperationException("a listener that throws");
}
