using System.Collections.Concurrent;
using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Akka.Configuration;
using Xunit;

namespace Actors.Engine.Tests.Scenario;

/// <summary>The backends that scenarios run on, and whether this machine has them.</summary>
public static class Backends
{
    private static readonly ConcurrentDictionary<string, BackendStatus> Known = new();

    /// <summary>One that completes inline and one that completes later: what actors can tell apart.</summary>
    public static TheoryData<string> InlineAndQueued => [BackendNames.Sync, BackendNames.IoUring];

    /// <summary>All of them, for the few scenarios that every one must pass as a whole.</summary>
    public static TheoryData<string> All => [.. BackendProbe.Names];

    /// <summary>All of them, and before them the default.</summary>
    public static TheoryData<string> WithAuto => [BackendNames.Auto, .. BackendProbe.Names];

    /// <summary>Ends the test as skipped, with the reason, where the backend is not available.</summary>
    public static void SkipUnlessAvailable(string name)
    {
        if (name == BackendNames.Auto)
        {
            // Every machine has one that it can choose.
            return;
        }

        var status = Known.GetOrAdd(name, Try);
        Skip.IfNot(status.Available, status.Reason);
    }

    private static BackendStatus Try(string name)
    {
        try
        {
            return BackendSelection.Try(name, EngineSettings.Create(Config.Empty));
        }
        catch (ArgumentException e)
        {
            return new BackendStatus(name, false, e.Message, "");
        }
    }
}
