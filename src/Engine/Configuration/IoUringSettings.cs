namespace Actors.Engine.Configuration;

/// <summary><c>backend.io-uring</c>.</summary>
public sealed record IoUringSettings(int Depth, int WorkersMax)
{
    internal static IoUringSettings Read(ConfigReader reader) => new(
        reader.GetInt("depth", 1, 32_768, powerOfTwo: true),
        reader.GetInt("workers-max", 0, 1024));
}
