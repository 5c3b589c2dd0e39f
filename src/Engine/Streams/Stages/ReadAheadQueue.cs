using Actors.Engine.Files;

namespace Actors.Engine.Streams.Stages;

/// <summary>
/// The reads of one run of a source: in the order of the file, some of them on their way, some done and waiting to be
/// taken. Nothing is asked of the engine except when a chunk is taken. The content ends with the first read that brings
/// less than it asked for: what later ones bring, of a file that has grown again meanwhile, would leave a gap.
/// </summary>
/// <remarks>Chunks are taken by the stage; answers come on the file's shard. Nothing is sent or told with the lock
/// held.</remarks>
internal sealed class ReadAheadQueue
{
    private readonly Lock _gate = new();
    private readonly StageFile _file;
    private readonly Action _arrived;
    private readonly ReadSlot[] _slots;
    private readonly int _chunkSize;
    private readonly int _unit;
    private readonly long _length;
    private long _position;
    private int _skip;
    private int _first;
    private int _count;
    private int _done;
    private bool _endSeen;
    private bool _endTaken;
    private bool _awaited;

    /// <param name="file">Open.</param>
    /// <param name="alignment">What reads of it have to keep to.</param>
    /// <param name="options">Of the source.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="length">Of the file, when it was last looked at.</param>
    /// <param name="arrived">Called, from any thread, when what <see cref="TryTake"/> had to refuse is there.</param>
    public ReadAheadQueue(
        StageFile file, IoAlignment alignment, FileSourceOptions options, long start, long length, Action arrived)
    {
        _file = file;
        _arrived = arrived;
        _length = length;
        _unit = alignment.Offset;
        _chunkSize = (int)RoundUp(options.ChunkSize);
        _skip = (int)(start % _unit);
        _position = start - _skip;
        _slots = new ReadSlot[options.ReadAhead + 1];
        for (var i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new ReadSlot(this);
        }
    }

    private bool IsDirect => _unit > 1;

    /// <summary>The next chunk of the file, if it is there; empty at the end of the file.</summary>
    /// <returns>False when it has to be waited for.</returns>
    /// <exception cref="FileEngineException">It could not be read.</exception>
    public bool TryTake(out ReadOnlyMemory<byte> chunk)
    {
        chunk = default;
        if (_endTaken)
        {
            return true;
        }

        if (_count == 0)
        {
            Fill(_slots.Length);
        }

        ReadSlot head;
        lock (_gate)
        {
            head = _slots[_first];
            _awaited = !head.IsDone;
            if (_awaited)
            {
                return false;
            }

            _first = (_first + 1) % _slots.Length;
            _count--;
            _done--;
        }

        chunk = TakeFrom(head);
        Fill(_slots.Length - 1);
        return true;
    }

    private ReadOnlyMemory<byte> TakeFrom(ReadSlot head)
    {
        _endTaken = head.Error is not null || head.Done < head.Asked;
        if (head.Error is { } failure)
        {
            throw failure;
        }

        var data = head.Destination[..head.Done];
        if (!IsDirect)
        {
            head.Destination = default;
            return data;
        }

        var skip = Math.Min(_skip, data.Length);
        _skip = 0;
        return data[skip..].ToArray();
    }

    /// <summary>Asks for what is missing, once that is half of it, so that one wake-up of the shard is for several
    /// commands.</summary>
    private void Fill(int limit)
    {
        if ((limit - _count) * 2 < limit)
        {
            return;
        }

        int first;
        var count = 0;
        lock (_gate)
        {
            first = _first + _count;
            while (_count < limit && !_endSeen && (_position <= _length || _count == 0))
            {
                Reserve(_slots[(first + count) % _slots.Length]);
                _count++;
                count++;
            }
        }

        for (var i = 0; i < count; i++)
        {
            Send(_slots[(first + i) % _slots.Length]);
        }
    }

    /// <summary>The read that reaches the end asks for a byte more than there should be, and so learns that it is the
    /// end. In a file that has grown meanwhile the next ones go on from there, one by one.</summary>
    private void Reserve(ReadSlot slot)
    {
        var rest = _length - _position;
        slot.Asked = rest < 0 ? _chunkSize : (int)Math.Min(_chunkSize, RoundUp(rest + 1));
        slot.Offset = _position;
        slot.IsDone = false;
        _position += slot.Asked;
    }

    private void Send(ReadSlot slot)
    {
        if (!IsDirect)
        {
            slot.Destination = GC.AllocateUninitializedArray<byte>(slot.Asked);
        }
        else if (slot.Destination.IsEmpty)
        {
            slot.Destination = PinnedMemory.Allocate(_chunkSize);
        }

        _file.Send(
            slot, static (slot, token) => new Read(slot.Offset, slot.Destination[..slot.Asked], token), slot);
    }

    private void OnDone(ReadSlot slot, int done, Exception? failure)
    {
        lock (_gate)
        {
            slot.Done = done;
            slot.Error = failure;
            slot.IsDone = true;
            _endSeen |= failure is not null || done < slot.Asked;
            // Half of what is on its way at least, so that one wake-up of the stream is for several chunks too.
            _done++;
            if (!_awaited || !_slots[_first].IsDone || _done * 2 < _count)
            {
                return;
            }

            _awaited = false;
        }

        _arrived();
    }

    private long RoundUp(long size) => (size + _unit - 1) & -_unit;

    private sealed class ReadSlot(ReadAheadQueue queue) : FileRequest
    {
        public Memory<byte> Destination { get; set; }

        public long Offset { get; set; }

        public int Asked { get; set; }

        public int Done { get; set; }

        public Exception? Error { get; set; }

        public bool IsDone { get; set; }

        protected override void OnSucceeded(long result) => queue.OnDone(this, (int)result, null);

        protected override void OnFailed(Exception failure) => queue.OnDone(this, 0, failure);
    }
}
