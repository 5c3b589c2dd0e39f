namespace Actors.Engine.Configuration;

/// <summary><c>backend.sync-thread</c>.</summary>
public sealed record SyncThreadSettings(int ThreadsMax)
{
    internal static SyncThreadSettings Read(ConfigReader reader) => new(reader.GetInt("threads-max", 1, 1024));
}
