using Actors.Engine.Backpressure;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// The shard's way to the kernel: takes submissions from the file actors and passes them to the scheduler, which the
/// shard owns. All that queued up in the mailbox in one turn of the event loop is one batch for the driver. A restart
/// therefore loses nothing: slots and operations in flight stay with the scheduler.
/// </summary>
internal sealed class BackendActor : UntypedActor
{
    private readonly Shard _shard;
    private readonly BoundedMessageQueue? _queue;

    public BackendActor(Shard shard)
    {
        _shard = shard;
        _queue = BoundedMessageQueue.Of(Context);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Submit submit:
                _queue?.Answered(1, 0);
                _shard.Scheduler.Announce(submit.Pair);
                break;
            case CancelOperation cancel:
                if (cancel.Operation.Use == cancel.Use)
                {
                    _shard.Scheduler.Cancel(cancel.Operation.Io);
                }

                break;
            case ReportShard report:
                Sender.Tell(new ShardReported(report.Round, _shard.Index, _shard.Metrics.Take()), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
