using System.Diagnostics;

namespace Actors.Engine.Metrics;

/// <summary>
/// What is counted on other threads than the shards': transfers that callers do on their own, and commands that failed
/// without having reached a file. In as many parts as there are processors, so
/// that two callers seldom meet. Thread-safe.
/// </summary>
internal sealed class CallerMetrics(int sampleEvery)
{
    private readonly ShardMetrics[] _parts =
        [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new ShardMetrics(sampleEvery))];

    /// <summary>Counts one transfer.</summary>
    /// <param name="read">Bytes read.</param>
    /// <param name="written">Bytes written.</param>
    /// <param name="failure">What ended it, or null.</param>
    public void Count(long read, long written, FailureReason? failure)
    {
        var part = _parts[(uint)Thread.GetCurrentProcessorId() % (uint)_parts.Length];
        lock (part)
        {
            part.KernelOperations++;
            part.InlineOperations++;
            part.BytesRead += read;
            part.BytesWritten += written;
            if (failure is { } reason)
            {
                part.CountFailure(reason);
            }
            else
            {
                part.Operations++;
            }
        }
    }

    /// <summary>Counts a command that failed before it came to a file, or that is none to a file.</summary>
    public void CountFailure(FailureReason reason)
    {
        var part = _parts[(uint)Thread.GetCurrentProcessorId() % (uint)_parts.Length];
        lock (part)
        {
            part.CountFailure(reason);
        }
    }

    /// <summary>Hands over everything counted since the last time.</summary>
    public ShardMetrics Take()
    {
        var sum = new ShardMetrics(sampleEvery);
        foreach (var part in _parts)
        {
            lock (part)
            {
                sum.Add(part.Take());
            }
        }

        return sum;
    }
}
