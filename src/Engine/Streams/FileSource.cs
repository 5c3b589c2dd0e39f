using Actors.Engine.Streams.Stages;
using Akka.Streams.Dsl;
using Akka.Streams.IO;

namespace Actors.Engine.Streams;

/// <summary>A file as a source of bytes, read by the engine as the stream asks for it.</summary>
public static class FileSource
{
    /// <summary>
    /// The content of a file, in chunks, from the start position to the end as it is when it is reached, or on and on
    /// as the file grows (<see cref="FileSourceOptions.FollowEvery"/>). Each element is memory of its own, the
    /// receiver's to keep.
    /// </summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>
    /// A source that opens the file each time it is run and closes it at the end of the run, whatever ends it. It
    /// materializes a task that completes once the file is closed, with the bytes that were passed downstream:
    /// successful at the end of the file or when downstream cancels; failed with <see cref="FileEngineException"/>
    /// when a read fails, which also fails the stream. The task itself fails with <see cref="FileEngineException"/>,
    /// as the stream does, when the file cannot be opened, and with <see cref="AbruptIOTerminationException"/> when
    /// the stream is shut down.
    /// </returns>
    /// <exception cref="ArgumentException">The path is empty, or a name is to be followed at no interval.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static Source<ReadOnlyMemory<byte>, Task<IOResult>> FromFile(
        string path, FileSourceOptions? options = null) => Create(path, options, marksRestarts: false);

    /// <param name="path">The file.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="marksRestarts">Have an empty chunk say that the file is read again from its start.</param>
    internal static Source<ReadOnlyMemory<byte>, Task<IOResult>> Create(
        string path, FileSourceOptions? options, bool marksRestarts)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new FileSourceOptions();
        options.Validate();
        return Source.FromGraph(new FileSourceStage(path, options, marksRestarts));
    }
}
