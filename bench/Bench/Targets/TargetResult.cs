using Actors.Bench.Reporting;

namespace Actors.Bench.Targets;

/// <summary>A target, decided.</summary>
internal sealed record TargetResult(
    string Id, string Work, double Measured, Sense Sense, double Limit, double? Stretch, TargetVerdict Verdict)
{
    /// <summary>The headings of <see cref="Row"/>.</summary>
    public static readonly string[] Headings = ["target", "work", "measured", "limit", "stretch", "verdict"];

    /// <summary>As a row of text.</summary>
    public string[] Row()
    {
        var sign = Sense == Sense.AtMost ? "<=" : ">=";
        return
        [
            Id,
            Work,
            Numbers.Short(Measured),
            $"{sign} {Numbers.Short(Limit)}",
            Stretch is { } stretch ? $"{sign} {Numbers.Short(stretch)}" : "",
            Verdict switch
            {
                TargetVerdict.Missed => "MISSED",
                TargetVerdict.Met => "met",
                _ => "stretch",
            },
        ];
    }
}
