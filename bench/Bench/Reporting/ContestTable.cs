using Actors.Bench.Contests;

namespace Actors.Bench.Reporting;

/// <summary>A contest as rows of text, for the console and for Markdown alike.</summary>
internal static class ContestTable
{
    private const double MiB = 1024 * 1024;

    /// <summary>The headings.</summary>
    public static string[] Headings(ContestResult contest) =>
    [
        "contestant",
        $"{contest.Metric}",
        "min",
        "max",
        "ours : this",
        "cpu s",
        "peak MiB",
        .. contest.Contest.Columns.Select(c => c.Name),
    ];

    /// <summary>The rows, the better ones first; who did not run comes last, with the reason.</summary>
    public static IEnumerable<string[]> Rows(ContestResult contest)
    {
        var ran = contest.Contestants.Where(c => c.Status == ContestantStatus.Ran);
        var sorted = contest.Contest.Metric.MoreIsBetter
            ? ran.OrderByDescending(c => contest.SpreadOf(c).Median)
            : ran.OrderBy(c => contest.SpreadOf(c).Median);
        foreach (var contestant in sorted)
        {
            yield return Row(contest, contestant);
        }

        foreach (var contestant in contest.Contestants.Where(c => c.Status != ContestantStatus.Ran))
        {
            var status = contestant.Status == ContestantStatus.Failed ? "FAILED" : "skipped";
            yield return [contestant.Name, status, .. Enumerable.Repeat("", Headings(contest).Length - 2)];
        }
    }

    /// <summary>Ours by an earlier build's, and why contestants are missing; a line each.</summary>
    public static IEnumerable<string> Notes(ContestResult contest) =>
    [
        .. contest.Contestants
            .Select(c => (c.Name, Earlier: Contestant.EarlierName(c.Name)))
            .Select(pair => (pair.Name, pair.Earlier, Ratio: contest.Ratio(pair.Name, pair.Earlier)))
            .Where(pair => pair.Ratio is not null)
            .Select(pair => $"{pair.Name} : {pair.Earlier} = {Numbers.Range(pair.Ratio!.Value)}"),
        .. contest.Contestants
            .Where(c => c.Reason is not null)
            .Select(c => $"{c.Name}: {(c.Status == ContestantStatus.Failed ? "FAILED" : "skipped")}: {c.Reason}"),
    ];

    private static string Median(ContestantResult contestant, Func<Measurement, double> value) =>
        Numbers.Short(Spread.Of(contestant.Rounds.Select(value)).Median);

    private static string[] Row(ContestResult contest, ContestantResult contestant)
    {
        var value = contest.SpreadOf(contestant);
        var ratio = contest.Ratio(contest.Reference, contestant.Name);
        var peak = contestant.Rounds.Max(m => m.PeakRssBytes);
        return
        [
            contestant.Name,
            Numbers.Short(value.Median),
            Numbers.Short(value.Min),
            Numbers.Short(value.Max),
            ratio is null ? "" : Numbers.Range(ratio.Value),
            Median(contestant, m => m.CpuSeconds),
            peak > 0 ? Numbers.Short(peak / MiB) : "",
            .. contest.Contest.Columns.Select(c => Median(contestant, c.Of)),
        ];
    }
}
