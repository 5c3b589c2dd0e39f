namespace Actors.Bench.Peers;

/// <summary>The asynchronous ways of .NET to write lines, each awaited.</summary>
internal static class AsyncWriters
{
    /// <summary>RandomAccess.WriteAsync, one awaited for each line.</summary>
    public static async Task<LineCount> RandomAccessAsync(string path, int lines)
    {
        using var handle = File.OpenHandle(
            path, FileMode.Create, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous);
        var buffer = new LineBuffer();
        var offset = 0L;
        for (var line = 0; line < lines; line++)
        {
            var bytes = buffer.Format(line);
            await RandomAccess.WriteAsync(handle, bytes, offset);
            offset += bytes.Length;
        }

        return new LineCount(lines, offset);
    }

    /// <summary>FileStream, one awaited write for each line; a buffer of 0 gives each to the kernel.</summary>
    public static async Task<LineCount> FileStreamAsync(string path, int lines, int bufferSize)
    {
        await using var stream = new FileStream(
            path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize, useAsync: true);
        var buffer = new LineBuffer();
        for (var line = 0; line < lines; line++)
        {
            await stream.WriteAsync(buffer.Format(line));
        }

        return new LineCount(lines, stream.Position);
    }
}
