using System.Collections.Concurrent;
using Actors.Engine;

namespace Actors.Reliability.Soak;

/// <summary>What everybody has sent and been answered, and every breach.</summary>
internal sealed class SoakCounts
{
    private readonly long[] _failures = new long[Enum.GetValues<FailureReason>().Length];
    private readonly ConcurrentQueue<string> _breaches = new();
    private long _sent;
    private long _answered;
    private long _checkedFiles;
    private long _checkedBytes;
    private long _lives;

    /// <summary>Commands sent, calls made.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Commands answered, calls ended.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Files whose content was compared at the end of a life.</summary>
    public long CheckedFiles => Interlocked.Read(ref _checkedFiles);

    /// <summary>Bytes that were compared, there and while reading.</summary>
    public long CheckedBytes => Interlocked.Read(ref _checkedBytes);

    /// <summary>Files opened and closed.</summary>
    public long Lives => Interlocked.Read(ref _lives);

    /// <summary>What was not as promised.</summary>
    public IReadOnlyCollection<string> Breaches => _breaches;

    /// <summary>How many commands failed for a reason.</summary>
    public long FailedBy(FailureReason reason) => Interlocked.Read(ref _failures[(int)reason]);

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountAnswered(int count = 1) => Interlocked.Add(ref _answered, count);

    public void CountFailure(FailureReason reason) => Interlocked.Increment(ref _failures[(int)reason]);

    public void CountLife() => Interlocked.Increment(ref _lives);

    /// <summary>Content was compared.</summary>
    public void CountChecked(long bytes, bool wholeFile = false)
    {
        Interlocked.Add(ref _checkedBytes, bytes);
        Interlocked.Add(ref _checkedFiles, wholeFile ? 1 : 0);
    }

    /// <summary>Something is not as promised; after the first hundred they are only more of the same.</summary>
    public void Breach(string what)
    {
        if (_breaches.Count < 100)
        {
            _breaches.Enqueue(what);
        }
    }
}
