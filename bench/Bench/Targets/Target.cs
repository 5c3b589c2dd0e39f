using Actors.Bench.Contests;

namespace Actors.Bench.Targets;

/// <summary>Something that this engine is to reach, decided by what one contest measured.</summary>
/// <param name="Id">As the issue numbers it.</param>
/// <param name="Work">What is compared with what.</param>
/// <param name="Contest">The contest that decides it.</param>
/// <param name="Measure">The value; null when a contestant that it takes did not run.</param>
/// <param name="Sense">Which side of the limit is good.</param>
/// <param name="Limit">What must be reached.</param>
/// <param name="Stretch">What would be better still.</param>
internal sealed record Target(
    string Id,
    string Work,
    string Contest,
    Func<ContestResult, double?> Measure,
    Sense Sense,
    double Limit,
    double? Stretch = null)
{
    /// <summary>Decides it; null when its contest was not run, or not by all whom it takes.</summary>
    public TargetResult? Decide(IEnumerable<ContestResult> contests)
    {
        if (contests.FirstOrDefault(c => c.Name == Contest) is not { } contest || Measure(contest) is not { } measured)
        {
            return null;
        }

        var verdict = !IsGood(measured, Limit) ? TargetVerdict.Missed
            : Stretch is { } stretch && IsGood(measured, stretch) ? TargetVerdict.Stretch
            : TargetVerdict.Met;
        return new TargetResult(Id, Work, measured, Sense, Limit, Stretch, verdict);
    }

    private bool IsGood(double measured, double limit) => Sense == Sense.AtMost ? measured <= limit : measured >= limit;
}
