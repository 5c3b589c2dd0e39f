namespace Actors.Engine.Configuration;

/// <summary><c>buffers</c>.</summary>
public sealed record BufferSettings(long SizeMax)
{
    internal static BufferSettings Read(ConfigReader reader) => new(
        reader.GetBytes("size-max", 16L << 10, 1L << 40));
}
