namespace Actors.Engine.Configuration;

/// <summary><c>metrics</c>.</summary>
public sealed record MetricsSettings(TimeSpan Interval, int SampleEvery, TimeSpan HeapInterval)
{
    internal static MetricsSettings Read(ConfigReader reader) => new(
        reader.GetDuration("interval", TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
        reader.GetInt("sample-every", 1, 65_536),
        reader.GetDuration("heap-interval", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)));
}
