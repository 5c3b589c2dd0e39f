using Akka.Dispatch;

namespace Actors.Engine.Shards;

/// <summary>A piece of work that does nothing but show that a loop still comes round.</summary>
internal sealed class LoopTurn : IRunnable
{
    private readonly TaskCompletionSource _turned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoopTurn()
    {
    }

    /// <summary>Completes when the loop has run what was queued before.</summary>
    public static Task Of(EventLoop loop)
    {
        var turn = new LoopTurn();
        loop.Execute(turn);
        return turn._turned.Task;
    }

    public void Run() => _turned.TrySetResult();

    public void Execute() => Run();
}
