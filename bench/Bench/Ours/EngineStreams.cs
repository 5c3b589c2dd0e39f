using Actors.Bench.Work;
using Actors.Engine;
using Actors.Engine.Streams;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace Actors.Bench.Ours;

/// <summary>Our stages over one large file.</summary>
internal static class EngineStreams
{
    /// <summary>FileSource.</summary>
    public static Task<long> ReadAsync(IMaterializer materializer, string path) =>
        FileSource.FromFile(path, new FileSourceOptions { ChunkSize = LargeFile.ChunkBytes })
            .RunAggregate(0L, (sum, chunk) => sum + chunk.Length, materializer);

    /// <summary>The bridge for streams of ByteString, reading.</summary>
    public static Task<long> ReadByteStringsAsync(IMaterializer materializer, string path) =>
        ByteStringFileIO.FromFile(new FileInfo(path), LargeFile.ChunkBytes)
            .RunAggregate(0L, (sum, chunk) => sum + chunk.Count, materializer);

    /// <summary>FileSink.</summary>
    /// <param name="materializer">Of the stream.</param>
    /// <param name="path">The file.</param>
    /// <param name="chunks">How many.</param>
    /// <param name="onFinish">What it does at the end.</param>
    public static async Task<long> WriteAsync(
        IMaterializer materializer, string path, int chunks, Durability onFinish)
    {
        var result = await Source.From(Enumerable.Range(0, chunks))
            .Select(chunk => (ReadOnlyMemory<byte>)LargeFile.ContentOf(chunk))
            .RunWith(FileSink.ToFile(path, new FileSinkOptions { OnFinish = onFinish }), materializer);
        return result.Count;
    }

    /// <summary>The bridge, writing.</summary>
    public static async Task<long> WriteByteStringsAsync(IMaterializer materializer, string path, int chunks)
    {
        var result = await Source.From(Enumerable.Range(0, chunks))
            .Select(chunk => ByteString.FromBytes(LargeFile.ContentOf(chunk)))
            .RunWith(ByteStringFileIO.ToFile(new FileInfo(path)), materializer);
        return result.Count;
    }
}
