using System.Text.Json;
using Actors.Engine;

namespace Consumer;

/// <summary>The core of a log shipper: several files at once, outputs that rotate, durable batches, and positions that
/// are replaced only after them. It is stopped after every batch and goes on from the positions, as one that is started
/// again does.</summary>
internal sealed class LogShipping(FileEngine engine, string directory)
{
    private const int Files = 4, Lines = 1000, Batch = 300, OutputMax = 8000;

    public async Task RunAsync()
    {
        await Parallel.ForAsync(0, Files, async (file, _) =>
            await engine.WriteAllLinesAsync(Source(file), Enumerable.Range(0, Lines).Select(line => Line(file, line))));

        var positions = new long[Files];
        do
        {
            var next = new long[Files];
            await Parallel.ForAsync(0, Files, async (file, _) => next[file] = await ShipAsync(file, positions[file]));
            await engine.ReplaceAsync(Positions, JsonSerializer.SerializeToUtf8Bytes(next));
            if (next.SequenceEqual(positions))
            {
                break;
            }

            positions = JsonSerializer.Deserialize<long[]>(await engine.ReadAllBytesAsync(Positions))!;
        }
        while (true);

        var outputs = await VerifyAsync();
        Console.WriteLine($"package: {Files * Lines} lines shipped to {outputs} files");
    }

    private async Task<long> ShipAsync(int file, long position)
    {
        await using var reader = await engine.OpenReaderAsync(Source(file));
        reader.Position = position;
        var writer = await engine.OpenWriterAsync(Output(file), OpenMode.Append);
        try
        {
            for (var i = 0; i < Batch && await reader.ReadLineAsync() is { } line; i++)
            {
                await writer.WriteLineAsync(line);
                if (writer.File.LengthAtOpen + writer.Accepted >= OutputMax)
                {
                    writer = await RotateAsync(file, writer);
                }
            }

            await writer.SyncAsync();
            return reader.Position;
        }
        finally
        {
            await writer.DisposeAsync();
        }
    }

    private async Task<FileWriter> RotateAsync(int file, FileWriter writer)
    {
        await writer.SyncAsync();
        await writer.DisposeAsync();
        var number = 1;
        while (await engine.ExistsAsync(Rotated(file, number)))
        {
            number++;
        }

        await engine.RenameAsync(Output(file), Rotated(file, number));
        return await engine.OpenWriterAsync(Output(file), OpenMode.CreateNew);
    }

    private async Task<int> VerifyAsync()
    {
        var outputs = 0;
        for (var file = 0; file < Files; file++)
        {
            var lines = new List<string>();
            var number = 1;
            for (; await engine.ExistsAsync(Rotated(file, number)); number++)
            {
                lines.AddRange(await engine.ReadAllLinesAsync(Rotated(file, number)));
            }

            lines.AddRange(await engine.ReadAllLinesAsync(Output(file)));
            outputs += number;
            if (number < 3 || !lines.SequenceEqual(Enumerable.Range(0, Lines).Select(line => Line(file, line))))
            {
                throw new InvalidDataException($"{Output(file)} was not shipped or not rotated.");
            }
        }

        return outputs;
    }

    private static string Line(int file, int line) => $"line {line} of file {file}";

    private string Positions => Path.Join(directory, "positions.json");

    private string Source(int file) => Path.Join(directory, $"{file}.log");

    private string Output(int file) => Path.Join(directory, $"{file}.shipped");

    private string Rotated(int file, int number) => $"{Output(file)}.{number}";
}
