using Actors.Engine;

namespace Actors.Samples.LogShipper;

/// <summary>
/// The output of one source. It never grows beyond a size: the line that would not fit begins a new one, and the full
/// one is renamed to <c>NAME.1</c>, <c>NAME.2</c> and so on, the highest number being the newest.
/// </summary>
internal sealed class OutputFile : IAsyncDisposable
{
    /// <summary>The longest line that a reader gives, its end included.</summary>
    private static readonly int LineSizeMax = new FileReaderOptions().LineSizeMax + 2;

    private readonly FileEngine _engine;
    private readonly string _path;
    private readonly long _sizeMax;
    private FileWriter _writer;
    private long _size;

    private OutputFile(FileEngine engine, string path, long sizeMax, FileWriter writer)
    {
        _engine = engine;
        _path = path;
        _sizeMax = sizeMax;
        _writer = writer;
        _size = writer.File.LengthAtOpen;
    }

    /// <summary>Opens an output at its end. A process that was killed may have left it with a part of a line, which is
    /// taken off: the line was not durable then, and is shipped again.</summary>
    public static async Task<OutputFile> OpenAsync(FileEngine engine, string path, long sizeMax)
    {
        await engine.CreateDirectoryAsync(Path.GetDirectoryName(path)!);
        var output = new OutputFile(engine, path, sizeMax, await OpenWriterAsync(engine, path));
        try
        {
            await output.EndWithWholeLineAsync();
            return output;
        }
        catch
        {
            await output.DisposeAsync();
            throw;
        }
    }

    /// <summary>Accepts a line with its end.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> line)
    {
        if (_size > 0 && _size + line.Length > _sizeMax)
        {
            await RotateAsync();
        }

        await _writer.WriteAsync(line);
        _size += line.Length;
    }

    public async Task SyncAsync() => await _writer.SyncAsync();

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task RotateAsync()
    {
        await _writer.SyncAsync();
        await _writer.DisposeAsync();
        for (var number = 1; !await TryRenameAsync($"{_path}.{number}"); number++)
        {
        }

        _writer = await OpenWriterAsync(_engine, _path);
        _size = 0;
    }

    private async Task<bool> TryRenameAsync(string rotated)
    {
        try
        {
            await _engine.RenameAsync(_path, rotated, overwrite: false);
            return true;
        }
        catch (FileEngineException e) when (e.Reason == FailureReason.AlreadyExists)
        {
            return false;
        }
    }

    private static async Task<FileWriter> OpenWriterAsync(FileEngine engine, string path)
    {
        if (!await engine.ExistsAsync(path))
        {
            await engine.ReplaceAsync(path, default);       // the name is durable as well, which no sync of a file says
        }

        return await engine.OpenWriterAsync(path, OpenMode.ReadWriteExisting);
    }

    private async Task EndWithWholeLineAsync()
    {
        if (_size == 0 || (await TailAsync(1))[0] == '\n')
        {
            return;
        }

        var tail = await TailAsync((int)Math.Min(_size, LineSizeMax));
        var torn = tail.Length - (tail.AsSpan().LastIndexOf((byte)'\n') + 1);
        _size = await _writer.File.TruncateAsync(_size - torn);
    }

    private async Task<byte[]> TailAsync(int length)
    {
        var tail = new byte[length];
        await _writer.File.ReadAsync(_size - length, tail);
        return tail;
    }
}
