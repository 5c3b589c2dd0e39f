using Consumer;
using Actors.Engine;

// What somebody does first who has nothing but the package.
await using var engine = FileEngine.Start();
await using var directory = await engine.CreateTemporaryDirectoryAsync(prefix: "actors-package");

await new QuickStart(engine, directory.Path).RunAsync();
await new LogShipping(engine, directory.Path).RunAsync();
await new Streams(engine, directory.Path).RunAsync();
Console.WriteLine($"package: done by {engine.Backend}");
