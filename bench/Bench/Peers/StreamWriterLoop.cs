namespace Actors.Bench.Peers;

/// <summary>What a .NET program without any concurrency does.</summary>
internal static class StreamWriterLoop
{
    /// <summary>StreamWriter, as everyone uses it.</summary>
    public static LineCount Write(string path, int lines)
    {
        using var writer = new StreamWriter(path);
        for (var line = 0; line < lines; line++)
        {
            writer.Write($"This is line {line} of the file\n");
        }

        writer.Flush();
        return new LineCount(lines, writer.BaseStream.Position);
    }
}
