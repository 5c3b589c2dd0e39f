using Actors.Engine;

// What somebody does first who has nothing but the package.
var path = Path.Combine(Path.GetTempPath(), $"actors-package-{Environment.ProcessId}.txt");
try
{
    await using var engine = FileEngine.Start();
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

    Console.WriteLine($"package: written and read by {engine.Backend}");
}
finally
{
    File.Delete(path);
}
