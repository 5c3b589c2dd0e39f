using Actors.Engine.Configuration;
using Akka.Actor;

namespace Actors.Engine;

/// <summary>
/// The engine of one actor system: its coordinator, its metrics actor, and where its shards are. Get it with
/// <c>system.FileEngine()</c>; the first call starts it. It stops with the system.
/// </summary>
public sealed class FileEngine : IExtension
{
    /// <summary>Takes <see cref="Open"/> and the file-system commands.</summary>
    public IActorRef Coordinator => throw new NotImplementedException();

    /// <summary>Takes <see cref="CollectMetrics"/>.</summary>
    public IActorRef Metrics => throw new NotImplementedException();

    /// <summary>The settings that it runs with.</summary>
    public EngineSettings Settings => throw new NotImplementedException();

    /// <summary>The backend that does the I/O: the configured one, or what <c>auto</c> chose.</summary>
    public string Backend => throw new NotImplementedException();

    /// <summary>Why that backend: "configured", or what <c>auto</c> weighed.</summary>
    public string BackendReason => throw new NotImplementedException();

    /// <summary>How many shards there are. A file is on one of 0 to ShardCount - 1.</summary>
    public int ShardCount => throw new NotImplementedException();

    /// <summary>Most files that may be open at once, as configured or as RLIMIT_NOFILE allows.</summary>
    public int OpenFilesMax => throw new NotImplementedException();

    /// <summary>
    /// The dispatcher of a shard, for <c>Props.WithDispatcher</c>: a client actor there talks to the shard's files
    /// without leaving their thread. Such an actor must never block.
    /// </summary>
    public string DispatcherId(int shard) => throw new NotImplementedException();
}
