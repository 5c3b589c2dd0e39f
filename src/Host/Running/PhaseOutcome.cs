using System.Diagnostics;

namespace Actors.Host.Running;

/// <summary>What the producers of a phase saw.</summary>
/// <param name="BegunAt">Stopwatch timestamp before the first open was sent, or of the end of the warm-up.</param>
/// <param name="EndedAt">Stopwatch timestamp of the last answer to a close.</param>
/// <param name="Files">What became of each file, by number.</param>
internal sealed record PhaseOutcome(long BegunAt, long EndedAt, IReadOnlyList<FileResult> Files)
{
    /// <summary>From the first open, or the end of the warm-up, to the last close.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(BegunAt, EndedAt);

    /// <summary>Units answered with success.</summary>
    public long Units => Files.Sum(f => f.Units);

    /// <summary>Those of them that were reads.</summary>
    public long Reads => Files.Sum(f => f.Reads);

    /// <summary>Bytes of them all.</summary>
    public long Bytes => Files.Sum(f => f.Bytes);

    /// <summary>Commands answered with failure.</summary>
    public long Errors => Files.Sum(f => (long)f.Errors);

    /// <summary>The first errors, at most <paramref name="count"/>, in the order of the files.</summary>
    public IEnumerable<string> FirstErrors(int count) =>
        Files.Select(f => f.FirstError).OfType<string>().Take(count);
}
