using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Metrics;

namespace Actors.Engine.Actors;

/// <summary>
/// The way past a file's actor, for the one client that is no actor and has all its answers: as long as nothing is
/// unanswered the actor leaves the file alone, and the client may transfer on its own thread, where the engine does small
/// transfers inline. Of any file that the system has it may ask for the length.
/// </summary>
/// <remarks>A transfer that fails ends the lane: what becomes of the file is then for the actor to find out.</remarks>
internal sealed class CallerLane(OpenMode mode, CallerTransfers transfers, CallerMetrics metrics)
{
    private volatile bool _ended;
    private long _acknowledged;

    /// <summary>Whether there is any that could be done here.</summary>
    public bool DoesTransfers => !_ended && transfers.TransferMax >= 0;

    /// <summary>Transfers done; they are among the acknowledged commands of a drain's report.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Writes, if that is to be done here. By the client, with nothing unanswered.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="offset">Where, or <see cref="Write.Append"/>.</param>
    /// <param name="done">Bytes written, also when an error ended it.</param>
    /// <param name="errno">What ended it; 0 for nothing.</param>
    public bool TryWrite(ReadOnlySpan<byte> data, long offset, out long done, out int errno)
    {
        done = errno = 0;
        if (!mode.CanWrite() || _ended
            || !transfers.TryWrite(data, offset, offset == Write.Append, out done, out errno))
        {
            return false;
        }

        _ended = errno != 0;
        Count(0, done, _ended ? CompletionDecision.ReasonOf(errno) : null);
        return true;
    }

    /// <summary>Reads, if the page cache has it.</summary>
    public bool TryRead(Span<byte> destination, long offset, out int done)
    {
        done = 0;
        if (!mode.CanRead() || _ended || !transfers.TryRead(destination, offset, out done))
        {
            return false;
        }

        Count(done, 0, null);
        return true;
    }

    /// <summary>Nothing is transferred here any more.</summary>
    public void End() => _ended = true;

    /// <inheritdoc cref="CallerTransfers.TryGetLength"/>
    public bool TryGetLength(out long length) => transfers.TryGetLength(out length);

    /// <inheritdoc cref="CallerTransfers.TryClose"/>
    public bool TryClose(Action whenFree) => transfers.TryClose(whenFree);

    private void Count(long read, long written, FailureReason? failure)
    {
        metrics.Count(read, written, failure);
        if (failure is null)
        {
            Interlocked.Increment(ref _acknowledged);
        }
    }
}
