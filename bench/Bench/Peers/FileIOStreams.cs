using Actors.Bench.Work;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace Actors.Bench.Peers;

/// <summary>Akka.Streams FileIO over one large file.</summary>
internal static class FileIOStreams
{
    /// <summary>FileIO.FromFile.</summary>
    public static Task<long> ReadAsync(IMaterializer materializer, string path) =>
        FileIO.FromFile(new FileInfo(path), LargeFile.ChunkBytes)
            .RunAggregate(0L, (sum, chunk) => sum + chunk.Count, materializer);

    /// <summary>FileIO.ToFile, which syncs at the end.</summary>
    public static async Task<long> WriteAsync(IMaterializer materializer, string path, int chunks)
    {
        var result = await Source.From(Enumerable.Range(0, chunks))
            .Select(chunk => ByteString.FromBytes(LargeFile.ContentOf(chunk)))
            .RunWith(FileIO.ToFile(new FileInfo(path)), materializer);
        return result.Count;
    }
}
