namespace Actors.Bench.Targets;

/// <summary>A target, decided.</summary>
internal sealed record TargetResult(string Id, string Work, double Measured, double Limit, double? Stretch, string Verdict);
