using System.Collections.Concurrent;

namespace Actors.Engine.Memory;

/// <summary>What quarantines of memory have found.</summary>
internal static class Quarantine
{
    /// <summary>Whether engines that start from now on hold back the memory that their pools take back; for
    /// tests.</summary>
    public static bool IsOn { get; set; }

    /// <summary>A sentence for each block that was written to after it had been given back.</summary>
    public static ConcurrentQueue<string> Violations { get; } = new();
}

/// <summary>
/// Holds back what a pool takes back: fills it with a pattern, keeps it for a while, and looks at the pattern before it
/// lets it go. So whoever writes to memory that was given back is found, and whoever reads it reads the pattern.
/// </summary>
/// <typeparam name="T">The block of memory.</typeparam>
/// <param name="spanOf">The bytes of a block.</param>
internal sealed class Quarantine<T>(Quarantine<T>.SpanOf spanOf)
{
    /// <summary>Blocks that are held back at a time.</summary>
    public const int KeptMax = 64;

    /// <summary>What memory is filled with that nobody may use.</summary>
    public const byte Pattern = 0xDB;

    private readonly Queue<T> _kept = new();

    /// <summary>The bytes of a block.</summary>
    public delegate Span<byte> SpanOf(T block);

    /// <summary>Takes a block in, and lets the oldest out when there are too many.</summary>
    /// <returns>False when none is let out.</returns>
    public bool TryExchange(ref T block)
    {
        spanOf(block).Fill(Pattern);
        _kept.Enqueue(block);
        return _kept.Count > KeptMax && TryRelease(out block!);
    }

    /// <summary>Lets the oldest block out before its time.</summary>
    public bool TryRelease(out T? block)
    {
        if (!_kept.TryDequeue(out block))
        {
            return false;
        }

        var changed = spanOf(block).IndexOfAnyExcept(Pattern);
        if (changed >= 0)
        {
            Quarantine.Violations.Enqueue($"byte {changed} of {spanOf(block).Length} was written after the return");
        }

        return true;
    }
}
