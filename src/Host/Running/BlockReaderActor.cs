using Actors.Engine;
using Actors.Host.Content;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// Reads blocks at their positions, several in flight, each into a buffer of its own, and sums up their digests. The
/// token of a read is the number of its buffer.
/// </summary>
internal sealed class BlockReaderActor : ProducerActor
{
    private readonly int _blockSize;
    private readonly BlockOrder _order;
    private byte[] _buffers = [];
    private long _turn;
    private ulong _digest;

    public BlockReaderActor(FileJob job, BlockOrder order)
        : base(job)
    {
        _blockSize = ((BlockContent)job.Plan.Content).BlockSize;
        _order = order;
    }

    protected override ulong Digest => _digest;

    protected override Open OpenCommand() => new(
        Job.Plan.PathOf(Job.File),
        OpenMode.Read,
        new OpenOptions { Shard = Job.Shard, InFlight = Job.Plan.Settings.InFlight });

    protected override void OnOpened(Opened opened)
    {
        var slots = BlockWindow.Slots(Job.Plan, opened);
        _buffers = BlockWindow.Allocate(slots, _blockSize);
        for (var slot = 0; slot < slots; slot++)
        {
            SendNext(slot);
        }
    }

    protected override bool OnData(object message)
    {
        if (message is not DataRead read)
        {
            return false;
        }

        Unanswered--;
        Units++;
        Bytes += read.Data.Length;
        _digest += BlockContent.Digest(read.Offset / _blockSize, read.Data.Span);
        Job.Progress.Add(1);
        if (!Halted && _turn < Job.Plan.Content.Units)
        {
            SendNext((int)read.Token);
        }
        else
        {
            FinishWhenIdle();
        }

        return true;
    }

    private void SendNext(int slot)
    {
        var block = _order[_turn++];
        Unanswered++;
        File.Tell(new Read(block * _blockSize, _buffers.AsMemory(slot * _blockSize, _blockSize), slot), Me);
    }
}
