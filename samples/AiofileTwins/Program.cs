using Actors.Engine;
using Actors.Samples.AiofileTwins;

// The examples of the README of aiofile (Python's asynchronous files), each with its twin here, in its order.
await using var engine = FileEngine.Start();
await using var directory = await engine.CreateTemporaryDirectoryAsync(prefix: "aiofile-twins");
var streams = new StreamExamples(engine, directory.Path);
var files = new FileExamples(engine, directory.Path);

(string Title, Func<Task> Run)[] examples =
[
    ("async_open: write, seek, read, tell", streams.WriteSeekReadAsync),
    ("async_open without a context manager", streams.WithoutUsingAsync),
    ("cat: a file line by line", streams.ConcatenateAsync),
    ("cp: a file chunk by chunk", streams.CopyAsync),
    ("async_open of a file that is open already", streams.OfAnOpenFileAsync),
    ("a special file, line by line", streams.SpecialFileAsync),
    ("clone: four hashes at once over one handle", streams.HashesAsync),
    ("AIOFile: ten writes at offsets, gathered", files.GatheredWritesAsync),
    ("AIOFile: writes at positions with a hole between", files.WritesAtPositionsAsync),
    ("Reader and Writer", files.ReaderAndWriterAsync),
    ("LineReader", files.LinesAsync),
    ("an asynchronous CSV dictionary reader", files.CsvAsync),
    ("another backend", files.AnotherBackendAsync),
];
foreach (var (title, run) in examples)
{
    Console.WriteLine($"--- {title}");
    await run();
}

Console.WriteLine($"{examples.Length} examples ran, by {engine.Backend}");
