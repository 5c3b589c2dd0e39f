namespace Actors.Engine.Configuration;

/// <summary><c>buffers</c>. <paramref name="SizeMax"/> is null for <c>auto</c>.</summary>
public sealed record BufferSettings(long? SizeMax)
{
    internal static BufferSettings Read(ConfigReader reader) => new(
        reader.GetBytesOrAuto("size-max", 16L << 10, 1L << 40));
}
