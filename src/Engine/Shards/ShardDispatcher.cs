using Akka.Configuration;
using Akka.Dispatch;

namespace Actors.Engine.Shards;

/// <summary>Gives Akka one dispatcher whose executor is a shard's event loop.</summary>
internal sealed class ShardDispatcher : MessageDispatcherConfigurator
{
    private readonly Dispatcher _dispatcher;

    public ShardDispatcher(string id, EventLoop loop, int throughput, IDispatcherPrerequisites prerequisites)
        : base(ConfigurationFactory.ParseString($"id = \"{id}\""), prerequisites)
    {
        _dispatcher = new Dispatcher(this, id, throughput, null, new Factory(loop), TimeSpan.FromSeconds(1));
    }

    public override MessageDispatcher Dispatcher() => _dispatcher;

    private sealed class Factory(EventLoop loop) : ExecutorServiceFactory
    {
        public override ExecutorService Produce(string id) => loop;
    }
}
