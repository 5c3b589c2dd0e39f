using System.Collections.Concurrent;
using System.Diagnostics;

namespace Actors.Adversary.Playing;

/// <summary>A call that has not ended.</summary>
internal sealed class PendingCall(CallBook book, string name, bool isLimited, bool mayBlock) : IDisposable
{
    private readonly long _begunAt = Stopwatch.GetTimestamp();
    private int _thread;

    public string Name => name;

    /// <summary>Whether the time limit of operations bounds it.</summary>
    public bool IsLimited => isLimited;

    /// <summary>Whether it may make system calls on the caller's own thread, also when the engine has stopped.</summary>
    public bool MayBlock => mayBlock;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_begunAt);

    /// <summary>The thread that has not come back from it, or 0.</summary>
    public int Thread => Volatile.Read(ref _thread);

    /// <summary>From here on the caller's own thread is in the call.</summary>
    public void Enter() => Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);

    /// <summary>The caller's thread is back; what is left of the call is waited for.</summary>
    public void Leave() => Volatile.Write(ref _thread, 0);

    public void Dispose() => book.End(this);
}

/// <summary>The calls of one engine's life that have not ended. Thread-safe.</summary>
internal sealed class CallBook
{
    private readonly ConcurrentDictionary<PendingCall, bool> _calls = new();

    private long _lastEndedAt = Stopwatch.GetTimestamp();

    /// <summary>How long no call has ended.</summary>
    public TimeSpan Standstill => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastEndedAt));

    public IEnumerable<PendingCall> Pending => _calls.Keys;

    public PendingCall Begin(string name, bool isLimited = false, bool mayBlock = false)
    {
        var call = new PendingCall(this, name, isLimited, mayBlock);
        _calls[call] = true;
        return call;
    }

    internal void End(PendingCall call)
    {
        _calls.TryRemove(call, out _);
        Volatile.Write(ref _lastEndedAt, Stopwatch.GetTimestamp());
    }
}
