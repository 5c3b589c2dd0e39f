namespace Actors.Engine.Shards;

/// <summary>A background thread for one loop, named after it.</summary>
internal sealed class LoopThread : ILoopHost
{
    private Thread? _thread;

    public void Start(EventLoop loop)
    {
        _thread = new Thread(loop.Run) { IsBackground = true, Name = loop.Id };
        _thread.Start();
    }

    public bool Join(EventLoop loop, TimeSpan timeout) => _thread!.Join(timeout);
}
