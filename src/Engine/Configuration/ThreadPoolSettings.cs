namespace Actors.Engine.Configuration;

/// <summary><c>backend.thread-pool</c>. A null <paramref name="Workers"/> is auto.</summary>
public sealed record ThreadPoolSettings(int? Workers)
{
    internal static ThreadPoolSettings Read(ConfigReader reader) => new(reader.GetIntOrAuto("workers", 1, 256));
}
