using Actors.Bench.Peers;
using Actors.Engine;

namespace Actors.Bench.Ours;

/// <summary>The ways of the async face, each line awaited.</summary>
internal static class FaceWork
{
    /// <summary>A buffered writer.</summary>
    public static async Task<LineCount> WriteBufferedAsync(FileEngine engine, string path, int lines)
    {
        await using var writer = await engine.OpenWriterAsync(path);
        var buffer = new LineBuffer();
        for (var line = 0; line < lines; line++)
        {
            await writer.WriteAsync(buffer.Format(line));
        }

        return new LineCount(lines, writer.Accepted);
    }

    /// <summary>Lines as UTF-8 memory, without a string each.</summary>
    public static async Task<LineCount> ReadLinesAsync(FileEngine engine, string path)
    {
        await using var reader = await engine.OpenReaderAsync(path);
        long lines = 0, bytes = 0;
        await foreach (var line in reader.ReadByteLinesAsync())
        {
            lines++;
            bytes += line.Length + 1;
        }

        return new LineCount(lines, bytes);
    }

    /// <summary>Lines as strings.</summary>
    public static async Task<LineCount> ReadTextLinesAsync(FileEngine engine, string path)
    {
        await using var reader = await engine.OpenReaderAsync(path);
        long lines = 0, bytes = 0;
        await foreach (var line in reader.ReadLinesAsync())
        {
            lines++;
            bytes += line.Length + 1;
        }

        return new LineCount(lines, bytes);
    }

    /// <summary>A kernel write for each line, acknowledged.</summary>
    public static async Task<LineCount> AppendAsync(FileEngine engine, string path, int lines)
    {
        await using var file = await engine.OpenAsync(path, OpenMode.Write, new OpenOptions { Coalesce = false });
        var buffer = new LineBuffer();
        var bytes = 0L;
        for (var line = 0; line < lines; line++)
        {
            var data = buffer.Format(line);
            await file.AppendAsync(data);
            bytes += data.Length;
        }

        return new LineCount(lines, bytes);
    }
}
