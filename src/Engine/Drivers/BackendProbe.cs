using Actors.Engine.Configuration;

namespace Actors.Engine;

/// <summary>Finds out what this machine, and a directory on it, can do.</summary>
public static class BackendProbe
{
    /// <summary>The names of the backends, best first as <c>auto</c> tries them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["io-uring", "linux-aio", "thread-pool", "sync", "sync-thread"];

    /// <summary>
    /// Tries every backend for real, with a small file in <paramref name="directory"/> that is removed again.
    /// </summary>
    /// <param name="settings">Where depths and permissions come from.</param>
    /// <param name="directory">An existing, writable directory.</param>
    public static IReadOnlyList<BackendStatus> Probe(EngineSettings settings, string directory) =>
        throw new NotImplementedException();

    /// <summary>The backend that <c>auto</c> takes, and why.</summary>
    public static (string Name, string Reason) Choose(IReadOnlyList<BackendStatus> statuses) =>
        throw new NotImplementedException();
}
