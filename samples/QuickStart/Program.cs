using Actors.Engine;

var path = args is [var given] ? given : Path.Join(Path.GetTempPath(), "actors-quick-start.log");

await using var engine = FileEngine.Start();
await using (var log = await engine.OpenWriterAsync(path))
{
    await log.WriteLineAsync("hello");                      // accepted: gathered in a buffer
    await log.WriteLineAsync($"from {engine.Backend}");
    await log.SyncAsync();                                  // durable: it is on the device
}

await foreach (var line in engine.ReadLinesAsync(path))
{
    Console.WriteLine(line);
}
