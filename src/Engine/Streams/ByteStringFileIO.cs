using System.Runtime.InteropServices;
using Akka.IO;
using Akka.Streams.Dsl;
using Akka.Streams.IO;

namespace Actors.Engine.Streams;

/// <summary>
/// The bridge for streams of <see cref="ByteString"/>: the signatures of Akka.Streams' <c>FileIO</c>, done by the
/// engine. It goes when Akka's <see cref="ByteString"/> goes; new code takes <see cref="FileSource"/> and
/// <see cref="FileSink"/>.
/// </summary>
/// <remarks>What differs from <c>FileIO</c>: a source of a file that cannot be opened fails its task instead of
/// completing it with a failed result; a flush signal is <see cref="FlushSignal"/>; a file takes one writer at a
/// time.</remarks>
public static class ByteStringFileIO
{
    /// <summary>As <c>FileIO.FromFile</c>; see <see cref="FileSource.FromFile"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="chunkSize">Bytes of an element, at least 1.</param>
    /// <param name="startPosition">The first byte to be read, 0 or more.</param>
    public static Source<ByteString, Task<IOResult>> FromFile(
        FileInfo file, int chunkSize = 8192, long startPosition = 0)
    {
        ArgumentNullException.ThrowIfNull(file);
        var options = new FileSourceOptions { ChunkSize = chunkSize, StartPosition = startPosition };
        return FileSource.FromFile(file.FullName, options).Select(Wrap);
    }

    /// <summary>As <c>FileIO.ToFile</c>; see <see cref="FileSink.ToFile"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fileMode"><see cref="FileMode.Create"/>, the default, <see cref="FileMode.CreateNew"/>,
    /// <see cref="FileMode.OpenOrCreate"/> or <see cref="FileMode.Append"/>.</param>
    /// <param name="startPosition">Where the first byte goes, 0 or more; for appends, 0.</param>
    /// <param name="autoFlush">Have each write on the device before the next one.</param>
    /// <param name="flushSignal">To flush on demand; null when nobody asks.</param>
    /// <exception cref="ArgumentException">A position was given for appends.</exception>
    /// <exception cref="NotSupportedException">The mode is <see cref="FileMode.Open"/> or
    /// <see cref="FileMode.Truncate"/>: the engine has none that wants the file to be there.</exception>
    public static Sink<ByteString, Task<IOResult>> ToFile(
        FileInfo file,
        FileMode? fileMode = null,
        long startPosition = 0,
        bool autoFlush = false,
        FlushSignal? flushSignal = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var mode = fileMode ?? FileMode.Create;
        if (mode == FileMode.Append && startPosition != 0)
        {
            throw new ArgumentException("Appends go to the end of the file", nameof(startPosition));
        }

        var sink = FileSink.ToFile(file.FullName, new FileSinkOptions
        {
            Mode = ModeOf(mode),
            StartPosition = mode == FileMode.Append ? null : startPosition,
            FlushSignal = flushSignal,
            File = autoFlush ? new OpenOptions { Durability = Durability.Sync } : null,
        });
        return Flow.Create<ByteString>().Select(Unwrap).ToMaterialized(sink, Keep.Right);
    }

    private static OpenMode ModeOf(FileMode mode) => mode switch
    {
        FileMode.Create => OpenMode.Write,
        FileMode.CreateNew => OpenMode.CreateNew,
        FileMode.OpenOrCreate => OpenMode.ReadWrite,
        FileMode.Append => OpenMode.Append,
        _ => throw new NotSupportedException($"A file is not opened with FileMode.{mode} by the engine"),
    };

    /// <summary>Without a copy: each chunk is memory of its own.</summary>
    private static ByteString Wrap(ReadOnlyMemory<byte> chunk) =>
        MemoryMarshal.TryGetArray(chunk, out var bytes)
            ? ByteString.FromBytes(bytes)
            : ByteString.CopyFrom(chunk.ToArray());

    private static ReadOnlyMemory<byte> Unwrap(ByteString bytes) => bytes.ToArray();
}
