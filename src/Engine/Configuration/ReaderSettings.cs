namespace Actors.Engine.Configuration;

/// <summary><c>reader</c>.</summary>
public sealed record ReaderSettings(int ChunkSize, int LineSizeMax, int WholeFileMax)
{
    internal static ReaderSettings Read(ConfigReader reader) => new(
        reader.GetBytes("chunk-size", 4 << 10, 16 << 20, powerOfTwo: true),
        reader.GetBytes("line-size-max", 4 << 10, 64 << 20),
        reader.GetBytes("whole-file-max", 1, 2047 << 20));
}
