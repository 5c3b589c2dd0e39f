using Actors.Engine.Files;

namespace Actors.Engine.Streams.Stages;

/// <summary>
/// The reads of one run of a source: in the order of the file, some of them on their way, some done and waiting to be
/// taken. Nothing is asked of the engine but when a chunk is taken.
/// </summary>
/// <remarks>Chunks are taken by the stage; answers come on the file's shard.</remarks>
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
    private bool _ended;
    private bool _awaited;

    /// <param name="file">Open.</param>
    /// <param name="opened">What it said.</param>
    /// <param name="options">Of the source.</param>
    /// <param name="arrived">Called, from any thread, when what <see cref="TryTake"/> had to refuse is there.</param>
    public ReadAheadQueue(StageFile file, Opened opened, FileSourceOptions options, Action arrived)
    {
        _file = file;
        _arrived = arrived;
        _length = opened.Length;
        _unit = opened.Alignment.Offset;
        _chunkSize = (int)RoundUp(options.ChunkSize);
        _skip = (int)(options.StartPosition % _unit);
        _position = options.StartPosition - _skip;
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
        lock (_gate)
        {
            chunk = default;
            if (_count == 0)
            {
                Fill(_slots.Length);
            }

            var head = _slots[_first];
            if (_count == 0 || !head.IsDone)
            {
                _awaited = _count > 0;
                return !_awaited;
            }

            chunk = TakeFrom(head);
            _first = (_first + 1) % _slots.Length;
            _count--;
            _done--;
            Fill(_slots.Length - 1);
            return true;
        }
    }

    private ReadOnlyMemory<byte> TakeFrom(ReadSlot head)
    {
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

        while (_count < limit && !_ended && (_position <= _length || _count == 0))
        {
            var slot = _slots[(_first + _count++) % _slots.Length];
            Send(slot);
        }
    }

    /// <summary>The read that reaches the end asks for a byte more than there should be, and so learns that it is the
    /// end. In a file that has grown meanwhile the next ones go on from there, one by one.</summary>
    private void Send(ReadSlot slot)
    {
        var rest = _length - _position;
        var size = rest < 0 ? _chunkSize : (int)Math.Min(_chunkSize, RoundUp(rest + 1));
        slot.IsDone = false;
        if (!IsDirect)
        {
            slot.Destination = GC.AllocateUninitializedArray<byte>(size);
        }
        else if (slot.Destination.IsEmpty)
        {
            slot.Destination = PinnedMemory.Allocate(_chunkSize);
        }

        slot.Asked = size;
        _position += size;
        _file.Send(
            slot, static (read, token) => new Read(read.Offset, read.Destination, token),
            (Offset: _position - size, Destination: slot.Destination[..size]));
    }

    private void OnDone(ReadSlot slot, int done, Exception? failure)
    {
        lock (_gate)
        {
            slot.Done = done;
            slot.Error = failure;
            slot.IsDone = true;
            _ended |= failure is not null || done < slot.Asked;
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

        public int Asked { get; set; }

        public int Done { get; set; }

        public Exception? Error { get; set; }

        public bool IsDone { get; set; }

        protected override void OnSucceeded(long result) => queue.OnDone(this, (int)result, null);

        protected override void OnFailed(Exception failure) => queue.OnDone(this, 0, failure);
    }
}
