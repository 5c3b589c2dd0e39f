namespace Actors.Engine.Configuration;

/// <summary><c>event-loop</c>.</summary>
public sealed record EventLoopSettings(int Throughput, TimeSpan Spin)
{
    internal static EventLoopSettings Read(ConfigReader reader) => new(
        reader.GetInt("throughput", 1, 100_000),
        reader.GetDuration("spin", TimeSpan.Zero, TimeSpan.FromMilliseconds(1)));
}
