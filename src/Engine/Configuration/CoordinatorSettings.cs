namespace Actors.Engine.Configuration;

/// <summary><c>coordinator</c>. A null <paramref name="OpenFilesMax"/> is auto; an infinite timeout is
/// <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
public sealed record CoordinatorSettings(
    int? OpenFilesMax,
    int DescriptorReserve,
    TimeSpan OpenQueueTimeout,
    int PlacementRun,
    TimeSpan DrainTimeout)
{
    internal static CoordinatorSettings Read(ConfigReader reader) => new(
        reader.GetIntOrAuto("open-files-max", 1, int.MaxValue),
        reader.GetInt("descriptor-reserve", 16, 65_536),
        reader.GetDuration(
            "open-queue-timeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24), allowInfinite: true),
        reader.GetInt("placement-run", 1, 1024),
        reader.GetDuration("drain-timeout", TimeSpan.Zero, TimeSpan.FromHours(24)));
}
