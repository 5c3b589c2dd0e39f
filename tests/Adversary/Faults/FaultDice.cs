using System.Collections.Concurrent;
using System.Diagnostics;
using Actors.Adversary.Plan;
using Actors.Adversary.Report;

namespace Actors.Adversary.Faults;

internal enum FaultKind
{
    None,
    Error,
    Transient,
    Short,
    Zero,
    Slow,

    /// <summary>A write that the disk has no room for.</summary>
    Full,

    /// <summary>Held before it is performed.</summary>
    Stuck,

    /// <summary>Performed, and held before it is told.</summary>
    StuckAfter,
}

/// <summary>Draws what becomes of each system call, and knows how long the longest took. Thread-safe.</summary>
internal sealed class FaultDice(int seed, FaultRates rates, Gate gate, Tally tally)
{
    private readonly ConcurrentDictionary<object, long> _underWay = new();
    private long _drawn;
    private long _longest;
    private int _fullFor;

    public Gate Gate => gate;

    /// <summary>No fault any more, from now on.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>The longest that a call has taken, or takes, whatever is the reason.</summary>
    public TimeSpan Longest
    {
        get
        {
            var now = Stopwatch.GetTimestamp();
            var took = _underWay.Values.Select(startedAt => now - startedAt).Append(Volatile.Read(ref _longest)).Max();
            var known = Stopwatch.GetElapsedTime(0, took);
            return gate.HeldFor > known ? gate.HeldFor : known;
        }
    }

    /// <summary>What becomes of a call.</summary>
    /// <param name="call">Its name, for the report.</param>
    /// <param name="rest">Bytes that it transfers; 0 for none.</param>
    /// <param name="isWrite">Whether 0 means that nothing could be written.</param>
    public FaultKind Draw(string call, long rest = 0, bool isWrite = false)
    {
        if (IsQuiet)
        {
            return FaultKind.None;
        }

        if (isWrite && rest > 0 && IsFull())
        {
            tally.Count("faults", $"{call} {FaultKind.Full}");
            return FaultKind.Full;
        }

        var roll = (int)(Next() % 10_000);
        var kind = gate.IsFrozen && !gate.IsGone ? roll % 2 == 0 ? FaultKind.Stuck : FaultKind.StuckAfter
            : (roll -= rates.Error) < 0 ? FaultKind.Error
            : (roll -= rates.Transient) < 0 ? FaultKind.Transient
            : (roll -= rates.Short) < 0 ? rest > 1 ? FaultKind.Short : FaultKind.None
            : (roll -= rates.Zero) < 0 ? isWrite && rest > 0 ? FaultKind.Zero : FaultKind.None
            : (roll -= rates.Full) < 0 ? isWrite && rest > 0 ? FillUp(rest) : FaultKind.None
            : (roll -= rates.Slow) < 0 ? FaultKind.Slow
            : (roll - rates.Stuck) < 0 && !gate.IsGone ? roll % 2 == 0 ? FaultKind.Stuck : FaultKind.StuckAfter
            : FaultKind.None;
        if (kind is not (FaultKind.None or FaultKind.Error or FaultKind.Transient))
        {
            tally.Count("faults", $"{call} {kind}");
        }

        return kind;
    }

    /// <summary>One of some error numbers.</summary>
    public int ErrnoOf(string call, IReadOnlyList<int> errnos)
    {
        var errno = errnos[(int)(Next() % (ulong)errnos.Count)];
        tally.Count("faults", $"{call} {ErrnoNames.Of(errno)}");
        return errno;
    }

    /// <summary>A part of what is to be transferred: at least a byte, not all.</summary>
    public long PartOf(long rest) => 1 + (long)(Next() % (ulong)(rest - 1));

    /// <summary>Milliseconds that a slow call takes.</summary>
    public int Slowness() => 1 + (int)(Next() % 25);

    /// <summary>A call begins, on an operation or whatever else is its own.</summary>
    public void Begins(object call) => _underWay[call] = Stopwatch.GetTimestamp();

    /// <summary>It has ended.</summary>
    public void Ends(object call)
    {
        if (_underWay.TryRemove(call, out var startedAt))
        {
            Took(startedAt);
        }
    }

    /// <summary>The disk has room for a part, and then for nothing until somebody makes room.</summary>
    private FaultKind FillUp(long rest)
    {
        Volatile.Write(ref _fullFor, 1 + (int)(Next() % 5));
        return rest > 1 && Next() % 4 != 0 ? FaultKind.Short : FaultKind.Full;
    }

    private bool IsFull() => Volatile.Read(ref _fullFor) > 0 && Interlocked.Decrement(ref _fullFor) >= 0;

    private void Took(long startedAt)
    {
        var took = Stopwatch.GetTimestamp() - startedAt;
        for (var longest = Volatile.Read(ref _longest); took > longest;)
        {
            var seen = Interlocked.CompareExchange(ref _longest, took, longest);
            if (seen == longest)
            {
                break;
            }

            longest = seen;
        }
    }

    // SplitMix64 over a counter: the order of threads changes who gets which draw, not the draws.
    private ulong Next()
    {
        var z = (ulong)Interlocked.Increment(ref _drawn) * 0x9E3779B97F4A7C15 + (ulong)(uint)seed;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
