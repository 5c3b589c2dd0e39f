using System.Text;
using Actors.Engine.Streams.Stages;
using Akka.Streams.Dsl;
using Akka.Streams.IO;

namespace Actors.Engine.Streams;

/// <summary>A file as a source of lines, read by the engine as the stream asks for them.</summary>
/// <remarks>
/// A line ends with LF or CR LF, which is no part of it; what follows the last one is a line too, unless it is empty.
/// A UTF-8 byte order mark at the start of the source is left out.
/// <para>Of a file that is being appended to, what follows the last line end may be a part of a line. Either ask for
/// complete lines only, and go on later at the start position plus the count of the run before; or follow the file, by
/// <see cref="FileSourceOptions.FollowEvery"/>, which passes complete lines only, and drops a line whose file is
/// truncated before its end has come.</para>
/// </remarks>
public static class LinesSource
{
    /// <summary>The longest line by default: 1 MiB.</summary>
    public const int DefaultLineSizeMax = 1 << 20;

    /// <summary>The lines of a file as they lie in it. Each is the receiver's to keep; to keep a few lines out of
    /// many for long, copy them: lines that were read together share their memory.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="options">How the file is read. Null for the defaults.</param>
    /// <param name="lineSizeMax">Bytes of the longest line, at least 1. A longer one fails the stream with a
    /// <see cref="FileEngineException"/>, <see cref="FailureReason.LineTooLong"/>.</param>
    /// <param name="completeLinesOnly">Leave out what follows the last line end, which a writer may be about to
    /// complete. Default false: it is a line.</param>
    /// <returns>A source that materializes as <see cref="FileSource.FromFile"/> does; the bytes are those of the lines
    /// that were passed downstream, with their ends.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static Source<ReadOnlyMemory<byte>, Task<IOResult>> FromFile(
        string path,
        FileSourceOptions? options = null,
        int lineSizeMax = DefaultLineSizeMax,
        bool completeLinesOnly = false) =>
        Create(path, options, lineSizeMax, completeLinesOnly, static line => line);

    /// <summary>The lines of a UTF-8 file as strings; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <inheritdoc cref="FromFile"/>
    public static Source<string, Task<IOResult>> TextFromFile(
        string path,
        FileSourceOptions? options = null,
        int lineSizeMax = DefaultLineSizeMax,
        bool completeLinesOnly = false) =>
        Create(
            path, options, lineSizeMax, completeLinesOnly, static line => Encoding.UTF8.GetString(line.Span));

    private static Source<TLine, Task<IOResult>> Create<TLine>(
        string path,
        FileSourceOptions? options,
        int lineSizeMax,
        bool completeLinesOnly,
        Func<ReadOnlyMemory<byte>, TLine> create)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lineSizeMax, 1);
        return FileSource.Create(path, options, marksRestarts: true)
            .ViaMaterialized(new LineFraming<TLine>(path, lineSizeMax, completeLinesOnly, create), CountLinesAsync);
    }

    private static async Task<IOResult> CountLinesAsync(Task<IOResult> read, Task<long> lines)
    {
        try
        {
            return WithCount(await read.ConfigureAwait(false), await lines.ConfigureAwait(false));
        }
        catch (AbruptIOTerminationException e)
        {
            throw new AbruptIOTerminationException(
                WithCount(e.IoResult, await lines.ConfigureAwait(false)), e.InnerException!);
        }
    }

    private static IOResult WithCount(IOResult result, long count) =>
        result.WasSuccessful ? IOResult.Success(count) : IOResult.Failed(count, result.Error);
}
