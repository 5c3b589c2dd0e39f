using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Scheduling;
using Actors.Engine.Shards;

namespace Actors.Engine.Actors;

/// <summary>
/// Takes a file over whose actor has stopped before the kernel gave everything back: returns the memory of each
/// operation as it completes, then closes the descriptor, then reports it released. No actor, since none is left.
/// </summary>
internal sealed class OrphanedFile(
    Shard shard, QueuePair pair, FileHandle? file, CallerLane? lane, IBlockingCalls calls, Action released)
    : IQueuePairOwner
{
    private FileHandle? _file = file;

    public void Begin()
    {
        pair.Owner = this;
        Take();
    }

    public void OnCompleted(QueuePair _) => Take();

    /// <summary>On the thread of the last caller: the shard's may have ended by now.</summary>
    private void CloseHere()
    {
        calls.Perform(new IoOperation { Kind = IoKind.Close, File = _file });
        released();
    }

    private void Take()
    {
        while (pair.TakeCompleted() is { } io)
        {
            // An open that was under way when the actor stopped has made a descriptor that nobody knows.
            if (io.Kind == IoKind.Open && io.Result >= 0)
            {
                _file = new FileHandle((int)io.Result);
            }
            else if (io.Kind == IoKind.Close && io.Result != -Errno.ECANCELED)
            {
                _file = null;
            }

            var operation = (FileOperation)io.State!;
            operation.ReleaseMemory();
            operation.Finish();
        }

        if (pair.Outstanding > 0)
        {
            return;
        }

        if (_file is null)
        {
            released();
            return;
        }

        if (lane?.TryClose(CloseHere) == false)
        {
            // A caller's transfer is under way, whose end closes the file.
            return;
        }

        var close = new FileOperation();
        close.Prepare(IoKind.Close, _file);
        pair.Submit(close.Io);

        // Not by way of the backend actor, which may have stopped before; a message still under way to it does no harm.
        shard.Scheduler.Announce(pair);
    }
}
