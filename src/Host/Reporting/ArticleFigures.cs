namespace Actors.Host.Reporting;

/// <summary>
/// One row of the table in "Asyncio - Concurrent file operations" (2025-09-16): 10,000 lines to each of 100 files, all
/// files concurrently, then reading them; peak memory by tracemalloc.
/// </summary>
/// <param name="Name">What was measured there.</param>
/// <param name="WriteSeconds">Wall time of the write.</param>
/// <param name="WritePeakBytes">Peak memory of the write.</param>
/// <param name="ReadSeconds">Wall time of the read.</param>
/// <param name="ReadPeakBytes">Peak memory of the read.</param>
internal sealed record ArticleFigures(
    string Name, double WriteSeconds, long WritePeakBytes, double ReadSeconds, long ReadPeakBytes)
{
    /// <summary>Files of the article's workload.</summary>
    public const int Files = 100;

    /// <summary>Lines of each.</summary>
    public const int LinesPerFile = 10_000;

    /// <summary>The row that used the same means as a backend of ours; null when there is none.</summary>
    public static ArticleFigures? For(string backend) => backend switch
    {
        "linux-aio" => new("aiofile", 31.11, 1_041_145, 0.04, 6_020_660),
        "thread-pool" => new("aiofiles", 83.52, 11_113_101, 80.40, 2_291_869),
        "io-uring" => new("uring_file", 54.30, 575_681, 42.95, 672_404),
        "sync" => new("sync", 2.12, 246_006, 0.44, 109_911),
        "sync-thread" => new("sync-thread", 2.14, 699_110, 0.48, 477_155),
        _ => null,
    };
}
