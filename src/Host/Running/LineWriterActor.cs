using System.Buffers;
using Actors.Engine;
using Actors.Host.Content;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// Appends lines, one <see cref="Write"/> for each. Lines are rendered into a ring with a slot for every command that
/// may be unanswered; appends are answered in order, so the slot of the oldest is always the next to be free.
/// </summary>
internal sealed class LineWriterActor : ProducerActor
{
    private readonly LineContent _content;
    private readonly LineFormatter _line;
    private readonly int _slotSize;
    private byte[] _ring = [];
    private int _slots;
    private int _slot;
    private long _sent;

    public LineWriterActor(FileJob job)
        : base(job)
    {
        _content = (LineContent)job.Plan.Content;
        _line = _content.Formatter(job.File);
        _slotSize = _content.LargestUnit(job.Plan.Files);
    }

    protected override Open OpenCommand() =>
        new(Job.Plan.PathOf(Job.File), OpenMode.Write, new OpenOptions { Shard = Job.Shard });

    protected override void OnOpened(Opened opened)
    {
        var slots = Math.Min(opened.Credits, Math.Max(1, opened.CreditBytes / _slotSize));
        _slots = (int)Math.Min(slots, _content.Units);
        _ring = ArrayPool<byte>.Shared.Rent(_slots * _slotSize);
        Send(_slots);
    }

    protected override bool OnData(object message)
    {
        if (message is not Written written)
        {
            return false;
        }

        Unanswered -= written.Count;
        Units += written.Count;
        Bytes += written.Bytes;
        Job.Progress.Add(written.Count);
        if (MaySend && _sent < _content.Units)
        {
            Send((int)Math.Min(written.Count, _content.Units - _sent));
        }
        else
        {
            FinishWhenIdle();
        }

        return true;
    }

    protected override void OnFinished()
    {
        // A ring that the engine or the kernel may still read from is left to the garbage collector.
        if (Unanswered == 0 && !HasUnfinished && _ring.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_ring);
        }

        _ring = [];
    }

    private void Send(int lines)
    {
        var file = File;
        var ring = _ring;
        for (var i = 0; i < lines; i++)
        {
            var start = _slot * _slotSize;
            var length = _line.Format(_sent, ring.AsSpan(start, _slotSize));
            file.Tell(new Write(new ReadOnlyMemory<byte>(ring, start, length), Write.Append, _sent), Me);
            _sent++;
            _slot = _slot + 1 == _slots ? 0 : _slot + 1;
        }

        Unanswered += lines;
    }
}
