namespace Actors.Engine.Shards;

/// <summary>What turns an event loop: a thread of the loop's own, or somebody who steps it, one turn at a time.</summary>
internal interface ILoopHost
{
    /// <summary>Sees to it that the loop begins and turns until it has ended. Called once.</summary>
    void Start(EventLoop loop);

    /// <summary>Waits until a loop that was asked to stop has ended.</summary>
    /// <returns>False when it did not end within the time.</returns>
    bool Join(EventLoop loop, TimeSpan timeout);
}
