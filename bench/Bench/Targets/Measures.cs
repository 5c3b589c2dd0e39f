using Actors.Bench.Contests;

namespace Actors.Bench.Targets;

/// <summary>What targets are made of: medians of a contest, and arithmetic on them.</summary>
internal static class Measures
{
    /// <summary>The median of a contestant; of another metric than the contest's when one is named.</summary>
    public static Func<ContestResult, double?> Median(string name, Metric? metric = null) => contest =>
        contest.Ran(name) is { } ran
            ? Spread.Of(ran.Rounds.Select((metric ?? contest.Contest.Metric).Of)).Median
            : null;

    /// <summary>The best median of several, those that did not run left out.</summary>
    public static Func<ContestResult, double?> Best(params string[] names) => contest =>
    {
        var medians = names.Select(name => Median(name)(contest));
        return contest.Contest.Metric.MoreIsBetter ? medians.Max() : medians.Min();
    };

    /// <summary>One by another.</summary>
    public static Func<ContestResult, double?> By(
        this Func<ContestResult, double?> one, Func<ContestResult, double?> other) =>
        contest => one(contest) / other(contest);

    /// <summary>One without another.</summary>
    public static Func<ContestResult, double?> Minus(
        this Func<ContestResult, double?> one, Func<ContestResult, double?> other) =>
        contest => one(contest) - other(contest);
}
