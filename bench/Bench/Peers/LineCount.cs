namespace Actors.Bench.Peers;

/// <summary>What a peer wrote or read.</summary>
internal readonly record struct LineCount(long Lines, long Bytes)
{
    public static LineCount operator +(LineCount a, LineCount b) => new(a.Lines + b.Lines, a.Bytes + b.Bytes);

    /// <summary>All of them together.</summary>
    public static LineCount Sum(IEnumerable<LineCount> counts) => counts.Aggregate(default(LineCount), (a, b) => a + b);
}
