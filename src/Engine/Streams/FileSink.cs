using Actors.Engine.Streams.Stages;
using Akka.Streams.Dsl;
using Akka.Streams.IO;

namespace Actors.Engine.Streams;

/// <summary>A file as a sink of bytes, written by the engine.</summary>
public static class FileSink
{
    /// <summary>
    /// Writes the elements to a file, one after the other. Upstream is asked for more only while the file's credits
    /// (<c>file.credit-bytes</c>, <c>file.credit-messages</c>) have room. Nothing is written behind something that
    /// could not be. The memory of an element must not change after it was passed on.
    /// </summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>
    /// A sink that opens the file each time it is run and closes it at the end of the run, whatever ends it. It
    /// materializes a task that completes once the file is closed, with the bytes that were written: successful when
    /// upstream has finished, everything is written and, as the options ask, durable; failed with
    /// <see cref="FileEngineException"/> when a write or a sync fails, which also cancels upstream. The task itself
    /// fails with <see cref="FileEngineException"/> when the file cannot be opened, and with
    /// <see cref="AbruptIOTerminationException"/>, which has the count, when upstream fails or the stream is shut
    /// down; what had come before a failure of upstream is written.
    /// </returns>
    /// <remarks>Small elements that come while others are being written are gathered into one write. With
    /// <see cref="OpenOptions.Direct"/> they are not, and each must be what direct I/O asks for.</remarks>
    /// <exception cref="ArgumentException">The path is empty, or an option is out of range.</exception>
    public static Sink<ReadOnlyMemory<byte>, Task<IOResult>> ToFile(string path, FileSinkOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new FileSinkOptions();
        options.Validate();
        return Sink.FromGraph(new FileSinkStage(path, options));
    }
}
