using Akka.Dispatch;

namespace Actors.Engine.Tests.Scenario;

/// <summary>A piece of work for an event loop.</summary>
internal sealed class ShardWork(Action work) : IRunnable
{
    public void Run() => work();

    public void Execute() => work();
}
