using Actors.Engine;

namespace Consumer;

/// <summary>Lines and bytes, written and read.</summary>
internal sealed class QuickStart(FileEngine engine, string directory)
{
    public async Task RunAsync()
    {
        var path = Path.Join(directory, "hello.txt");
        await using (var writer = await engine.OpenWriterAsync(path))
        {
            await writer.WriteLineAsync("hello");
            await writer.SyncAsync();
        }

        await using var file = await engine.OpenAsync(path, OpenMode.Read);
        var bytes = new byte[file.LengthAtOpen];
        if (await file.ReadAsync(0, bytes) != 6 || !bytes.AsSpan().SequenceEqual("hello\n"u8))
        {
            throw new InvalidDataException("What was read is not what was written.");
        }

        Console.WriteLine("package: written and read");
    }
}
