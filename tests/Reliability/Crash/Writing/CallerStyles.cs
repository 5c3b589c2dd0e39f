using Actors.Engine;
using Actors.Reliability.Crash.Content;

namespace Actors.Reliability.Crash.Writing;

/// <summary>Durable writing by calls that are awaited.</summary>
internal static class CallerStyles
{
    private const int InFlight = 8;
    private const int BatchMax = 32;

    private static readonly OpenOptions DataSync = new() { Durability = Durability.DataSync };

    /// <summary>Several appends under way; the oldest is awaited, and tells that its line is durable.</summary>
    public static async Task AppendAsync(WriterSession session, int file)
    {
        await using var opened = await session.Engine.OpenAsync(session.PathOf(file), OpenMode.ReadWrite, DataSync);
        var underWay = new Queue<Task>();
        for (var sent = 0L; ; sent++)
        {
            underWay.Enqueue(opened.AppendAsync(NumberedLines.Of(session.Seed, file, sent)).AsTask());
            if (underWay.Count == InFlight)
            {
                await underWay.Dequeue();
                session.Acknowledge(file, sent - InFlight + 1);
            }
        }
    }

    /// <summary>Blocks out of order, several under way, each for itself.</summary>
    public static async Task WriteBlocksAsync(WriterSession session, int file)
    {
        await using var opened = await session.Engine.OpenAsync(session.PathOf(file), OpenMode.ReadWrite, DataSync);
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async first =>
        {
            for (var number = (long)first; ; number += InFlight)
            {
                var block = NumberedBlocks.Of(session.Seed, file, number);
                await opened.WriteAsync(NumberedBlocks.OffsetOf(number), block);
                session.Acknowledge(file, number);
            }
        }));
    }

    /// <summary>Batches of lines, written through; the file makes each of them durable.</summary>
    public static Task FlushAsync(WriterSession session, int file) =>
        WriteBatchesAsync(session, file, DataSync, async writer => await writer.FlushAsync());

    /// <summary>Batches of lines, and a sync behind each.</summary>
    public static Task SyncAsync(WriterSession session, int file) =>
        WriteBatchesAsync(session, file, new OpenOptions(), async writer => await writer.SyncAsync());

    private static async Task WriteBatchesAsync(
        WriterSession session, int file, OpenOptions options, Func<FileWriter, Task> makeDurable)
    {
        var random = new Random((int)session.Seed + file);
        await using var writer = await session.Engine.OpenWriterAsync(
            session.PathOf(file), OpenMode.Append, new FileWriterOptions { File = options });
        for (var sent = 0L; ;)
        {
            for (var n = random.Next(1, BatchMax + 1); n > 0; n--)
            {
                await writer.WriteAsync(NumberedLines.Of(session.Seed, file, sent++));
            }

            await makeDurable(writer);
            session.Acknowledge(file, sent - 1);
        }
    }
}
