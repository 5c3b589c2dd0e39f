using System.Buffers;
using Actors.Engine.Files;

namespace Actors.Engine.Streams.Stages;

/// <summary>An entry of a <see cref="WriteQueue"/>: bytes to be written, or a point of a flush, which somebody may
/// await. The request of its own command.</summary>
internal sealed class WriteItem(WriteQueue queue) : FileRequest
{
    private byte[]? _gathered;

    /// <summary>To be written; nothing for a flush.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>Null for data.</summary>
    public Durability? Flush { get; private init; }

    /// <summary>Whoever awaits the flush.</summary>
    public TaskCompletionSource? Awaiter { get; private init; }

    public static WriteItem Of(WriteQueue queue, ReadOnlyMemory<byte> data) => new(queue) { Data = data };

    public static WriteItem OfFlush(WriteQueue queue, Durability durability, TaskCompletionSource? awaiter) =>
        new(queue) { Flush = durability, Awaiter = awaiter };

    /// <summary>Copies small data into a buffer, behind what is there; false when it does not fit.</summary>
    public bool TryGather(ReadOnlyMemory<byte> data, int bufferSize)
    {
        if (Data.Length + data.Length > bufferSize)
        {
            return false;
        }

        if (_gathered is null)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
            Data.CopyTo(buffer);
            _gathered = buffer;
        }

        data.CopyTo(_gathered.AsMemory(Data.Length));
        Data = _gathered.AsMemory(0, Data.Length + data.Length);
        return true;
    }

    /// <summary>Gives back the buffer of what nobody reads any more.</summary>
    public void Release()
    {
        if (_gathered is not null)
        {
            ArrayPool<byte>.Shared.Return(_gathered);
            _gathered = null;
        }
    }

    protected override void OnSucceeded(long result) => queue.OnDone(this);

    protected override void OnFailed(Exception failure) => queue.OnFailed(this, failure);
}
