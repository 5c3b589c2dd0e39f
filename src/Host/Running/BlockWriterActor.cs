using Actors.Engine;
using Actors.Host.Content;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// Writes blocks at their positions, several in flight, each from a buffer of its own. They may be answered in any
/// order: the token of a write is the number of its buffer.
/// </summary>
internal sealed class BlockWriterActor : ProducerActor
{
    private readonly BlockContent _content;
    private readonly BlockOrder _order;
    private byte[] _buffers = [];
    private long _turn;

    public BlockWriterActor(FileJob job, BlockOrder order)
        : base(job)
    {
        _content = (BlockContent)job.Plan.Content;
        _order = order;
    }

    protected override Open OpenCommand() => new(
        Job.Plan.PathOf(Job.File),
        OpenMode.Write,
        new OpenOptions { Shard = Job.Shard, InFlight = Job.Plan.Settings.InFlight });

    protected override void OnOpened(Opened opened)
    {
        var slots = BlockWindow.Slots(Job.Plan, opened);
        _buffers = BlockWindow.Allocate(slots, _content.BlockSize);
        for (var slot = 0; slot < slots; slot++)
        {
            SendNext(slot);
        }
    }

    protected override bool OnData(object message)
    {
        if (message is not Written written)
        {
            return false;
        }

        Unanswered--;
        Units++;
        Bytes += written.Bytes;
        Job.Progress.Add(1);
        if (!Halted && _turn < _content.Units)
        {
            SendNext((int)written.LastToken);
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
        var buffer = _buffers.AsMemory(slot * _content.BlockSize, _content.BlockSize);
        _content.Fill(Job.File, block, buffer.Span);
        Unanswered++;
        File.Tell(new Write(buffer, block * _content.BlockSize, slot), Me);
    }
}
