namespace Actors.Host.Reporting;

/// <summary>From a command's arrival at its file to its answer, in microseconds.</summary>
/// <param name="P50">Median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="P999">99.9th percentile.</param>
/// <param name="Max">Largest.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Sampled">One operation in how many was timed.</param>
internal sealed record LatencyReport(
    double P50, double P90, double P99, double P999, double Max, double Mean, int Sampled);
