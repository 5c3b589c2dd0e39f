using System.Collections.Concurrent;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Tests.Scenario;

/// <summary>What a scripted driver does with a submission.</summary>
internal enum Play
{
    /// <summary>Performs it for real; it completes at the next reap.</summary>
    Perform,

    /// <summary>Performs it for real before the submission returns.</summary>
    PerformInline,

    /// <summary>Keeps it until it is released.</summary>
    Hold,

    /// <summary>Has no room for it now.</summary>
    Busy,
}

/// <summary>
/// A driver for scenarios: files are real, but what happens to each operation, and when, is said by a script. By
/// default everything is performed and completes at the next reap.
/// </summary>
internal sealed class ScriptedDriver(int depth = 64) : IDriver
{
    private readonly ConcurrentQueue<(IoOperation Operation, long? Result)> _ready = new();
    private readonly List<IoOperation> _held = [];
    private readonly SemaphoreSlim _wake = new(0);
    private int _inFlight;

    public string Name => "scripted";

    public string Details => "";

    public int Depth => depth;

    public int InFlight => _inFlight;

    /// <summary>What to do with an operation; on the shard's thread.</summary>
    public Func<IoOperation, Play> Script { get; set; } = _ => Play.Perform;

    /// <summary>What the kernel says of an operation: an error in place of performing it, or how many bytes of a
    /// transfer it performs; null to perform all of it.</summary>
    public Func<IoOperation, long?> Result { get; set; } = _ => null;

    /// <summary>How many bytes of a transfer are performed before it is submitted at all; null for none, as with drivers
    /// that do nothing inline.</summary>
    public Func<IoOperation, long?> Inline { get; set; } = _ => null;

    /// <summary>Every operation submitted, by kind, in order.</summary>
    public ConcurrentQueue<IoKind> Submitted { get; } = new();

    /// <summary>Operations that cancels were asked for.</summary>
    public ConcurrentQueue<IoOperation> Cancelled { get; } = new();

    /// <summary>The most that were in flight at once.</summary>
    public int InFlightPeak { get; private set; }

    /// <summary>Whether a cancel ends a held operation.</summary>
    public bool CanCancel { get; set; } = true;

    /// <summary>Whether what is held is never performed once the driver has been disposed of.</summary>
    public bool DropsAtDisposal { get; set; }

    public bool IsDisposed { get; private set; }

    public int HeldCount
    {
        get
        {
            lock (_held)
            {
                return _held.Count;
            }
        }
    }

    public bool TryPerform(IoOperation operation)
    {
        var bytes = Inline(operation);
        if (bytes is not null)
        {
            Perform(operation, bytes);
        }

        return bytes is not null;
    }

    public SubmitResult TrySubmit(IoOperation operation)
    {
        Play play;
        lock (_held)
        {
            // Together, so that whoever releases everything does not miss what is just being held.
            play = Script(operation);
            if (play == Play.Hold && _inFlight < depth)
            {
                _held.Add(operation);
            }
        }

        if (play == Play.Busy || _inFlight == depth)
        {
            return SubmitResult.Busy;
        }

        Submitted.Enqueue(operation.Kind);
        if (play == Play.PerformInline)
        {
            Perform(operation, Result(operation));
            return SubmitResult.Completed;
        }

        InFlightPeak = Math.Max(InFlightPeak, ++_inFlight);
        if (play == Play.Perform)
        {
            _ready.Enqueue((operation, Result(operation)));
        }

        return SubmitResult.Queued;
    }

    public void Flush()
    {
    }

    public int Reap(ICompletionSink sink)
    {
        var delivered = 0;
        for (var n = _ready.Count; n > 0 && _ready.TryDequeue(out var next); n--)
        {
            Perform(next.Operation, next.Result);
            _inFlight--;
            delivered++;
            sink.Complete(next.Operation);
        }

        return delivered;
    }

    public void Wait(int timeout)
    {
        if (_ready.IsEmpty)
        {
            _wake.Wait(timeout);
        }
    }

    public void Wake() => _wake.Release();

    public bool TryCancel(IoOperation operation)
    {
        Cancelled.Enqueue(operation);
        return CanCancel && Release(operation, -Errno.ECANCELED);
    }

    public void Dispose()
    {
        IsDisposed = true;
        _inFlight = DropsAtDisposal ? 0 : _inFlight;
    }

    /// <summary>Lets a held operation come back twice.</summary>
    public void CompleteTwice(IoOperation operation)
    {
        Release(operation, 0);
        _ready.Enqueue((operation, 0));
    }

    /// <summary>Lets the oldest held operation go; from any thread.</summary>
    /// <param name="result">What the kernel says of it; null to perform it.</param>
    public void ReleaseOldest(long? result = null)
    {
        IoOperation oldest;
        lock (_held)
        {
            oldest = _held[0];
        }

        Release(oldest, result);
    }

    /// <summary>Lets the operation go that was held last; from any thread.</summary>
    public void ReleaseNewest()
    {
        IoOperation newest;
        lock (_held)
        {
            newest = _held[^1];
        }

        Release(newest, null);
    }

    /// <summary>Lets everything held go, and holds nothing any more; from any thread.</summary>
    public void ReleaseAll()
    {
        IoOperation[] held;
        lock (_held)
        {
            Script = _ => Play.Perform;
            held = [.. _held];
        }

        foreach (var operation in held)
        {
            Release(operation, null);
        }
    }

    private bool Release(IoOperation operation, long? result)
    {
        lock (_held)
        {
            if (!_held.Remove(operation))
            {
                return false;
            }
        }

        _ready.Enqueue((operation, result));
        Wake();
        return true;
    }

    private static void Perform(IoOperation operation, long? result)
    {
        if (result > 0 && operation.Kind is (IoKind.Read or IoKind.Write))
        {
            // So many bytes and no more.
            var whole = operation.Length;
            operation.Length = operation.Done + result.Value;
            BlockingCalls.Platform.Perform(operation);
            operation.Length = whole;
        }
        else if (result is { } said)
        {
            operation.Result = said;
        }
        else
        {
            BlockingCalls.Platform.Perform(operation);
        }
    }
}
