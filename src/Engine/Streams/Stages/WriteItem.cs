using Actors.Engine.Files;
using Actors.Engine.Memory;

namespace Actors.Engine.Streams.Stages;

/// <summary>An entry of a <see cref="WriteQueue"/>: bytes to be written, or a point of a flush, which somebody may
/// await. The request of its own command.</summary>
internal sealed class WriteItem(WriteQueue queue) : FileRequest
{
    private IoBuffer? _gathered;

    /// <summary>To be written; nothing for a flush.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>Where the data goes.</summary>
    public long Offset { get; set; }

    /// <summary>Null for data.</summary>
    public Durability? Flush { get; private init; }

    private TaskCompletionSource? Awaiter { get; init; }

    public static WriteItem Of(WriteQueue queue, ReadOnlyMemory<byte> data) => new(queue) { Data = data };

    /// <param name="queue">Whose it is.</param>
    /// <param name="durability">What is to be true after it.</param>
    /// <param name="awaiter">Learns of its end; null when nobody waits for it.</param>
    public static WriteItem OfFlush(WriteQueue queue, Durability durability, TaskCompletionSource? awaiter) =>
        new(queue) { Flush = durability, Awaiter = awaiter };

    /// <summary>Copies small data into a buffer, behind what is there; false when it does not fit.</summary>
    public bool TryGather(ReadOnlyMemory<byte> data, IoBufferPool buffers, int bufferSize)
    {
        if (Data.Length + data.Length > bufferSize)
        {
            return false;
        }

        if (_gathered is null)
        {
            _gathered = buffers.Lend(bufferSize);
            Data.CopyTo(_gathered.Memory);
        }

        data.CopyTo(_gathered.Memory[Data.Length..]);
        Data = _gathered.Memory[..(Data.Length + data.Length)];
        return true;
    }

    /// <summary>Gives back the buffer, and lets the awaiter know. With no lock held.</summary>
    /// <param name="failure">Why it was not performed; null when it was.</param>
    public void End(Exception? failure)
    {
        _gathered?.Return();
        if (failure is null)
        {
            Awaiter?.TrySetResult();
        }
        else
        {
            Awaiter?.TrySetException(failure);
        }
    }

    protected override void OnSucceeded(long result) => queue.OnDone(this);

    protected override void OnFailed(Exception failure) => queue.OnFailed(this, failure);
}
