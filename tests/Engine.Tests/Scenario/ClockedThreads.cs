using System.Collections.Concurrent;
using Actors.Engine.Shards;

namespace Actors.Engine.Tests.Scenario;

/// <summary>Threads for the loops of an engine, as it makes them by itself; for scenarios that set its clock.</summary>
internal sealed class ClockedThreads : ILoopHost
{
    private readonly ConcurrentDictionary<EventLoop, LoopThread> _threads = new();

    public static LoopSetup On(TimeProvider clock) => new(new ClockedThreads(), clock);

    public void Start(EventLoop loop) => _threads.GetOrAdd(loop, _ => new LoopThread()).Start(loop);

    public bool Join(EventLoop loop, TimeSpan timeout) => _threads[loop].Join(loop, timeout);
}
