namespace Actors.Bench.Peers;

/// <summary>The asynchronous ways of .NET to give the kernel each line on its own.</summary>
internal static class StrictWriters
{
    /// <summary><see cref="RandomAccess.WriteAsync(Microsoft.Win32.SafeHandles.SafeFileHandle, ReadOnlyMemory{byte},
    /// long, CancellationToken)"/>, one awaited for each line.</summary>
    public static async Task RandomAccessAsync(string path, int lines)
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
    }

    /// <summary><see cref="FileStream"/> without a buffer, one awaited write for each line; with one, one for each full
    /// buffer.</summary>
    public static async Task FileStreamAsync(string path, int lines, int bufferSize)
    {
        await using var stream = new FileStream(
            path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize, useAsync: true);
        var buffer = new LineBuffer();
        for (var line = 0; line < lines; line++)
        {
            await stream.WriteAsync(buffer.Format(line));
        }
    }
}
