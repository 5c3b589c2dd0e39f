namespace Actors.Engine.Backpressure;

/// <summary>
/// What the windows of all open files come to, in bytes. A file gets the window that is configured as long as a good part
/// of the budget is left, and then a share of the rest; so that the windows of thousands of files come to no more than
/// those of a few, and a few lose nothing. Thread-safe.
/// </summary>
/// <param name="total">Bytes of all windows, except that each file has <see cref="WindowMin"/> at least.</param>
/// <param name="windowMax">Bytes of the largest window.</param>
internal sealed class CreditBudget(long total, int windowMax)
{
    /// <summary>The smallest window; a single larger command is accepted when nothing else is unanswered.</summary>
    public const int WindowMin = 2 << 10;

    /// <summary>A file gets this part of what is left.</summary>
    private const int Share = 16;

    private long _left = total;

    /// <summary>Bytes of all windows.</summary>
    public long Total { get; } = total;

    /// <summary>A window for a file that is being opened.</summary>
    public int Take()
    {
        var window = (int)Math.Clamp(Volatile.Read(ref _left) / Share, Math.Min(WindowMin, windowMax), windowMax);
        Interlocked.Add(ref _left, -window);
        return window;
    }

    /// <summary>The file with this window is closed.</summary>
    public void Give(int window) => Interlocked.Add(ref _left, window);

    /// <summary>The part of the memory that the process may use: in a container its limit, elsewhere the machine's
    /// memory.</summary>
    public static long DefaultTotal() => Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16, 1 << 20);
}
