namespace Actors.Engine.Configuration;

/// <summary><c>backend.linux-aio</c>.</summary>
public sealed record LinuxAioSettings(int Depth, bool AllowBuffered)
{
    internal static LinuxAioSettings Read(ConfigReader reader) => new(
        reader.GetInt("depth", 1, 32_768),
        reader.GetBool("allow-buffered"));
}
