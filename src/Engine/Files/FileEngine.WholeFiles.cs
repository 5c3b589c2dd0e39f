using System.Runtime.CompilerServices;
using System.Text;

namespace Actors.Engine;

/// <content>Whole files in one call each, as <see cref="File"/> has them. They open the file, read or write it, and
/// close it; what fails throws <see cref="FileEngineException"/>, and leaves no file open.</content>
public sealed partial class FileEngine
{
    // ------------------------------------------------------------------ reading

    /// <summary>Reads a file as it was when it was opened.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="cancellationToken">Ends the wait for whichever step is under way.</param>
    /// <exception cref="FileEngineException">It could not be opened or read, or has more bytes than an array
    /// holds.</exception>
    public async Task<byte[]> ReadAllBytesAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var reader = await OpenReaderAsync(path, null, cancellationToken).ConfigureAwait(false);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a file as text.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="encoding">Where no byte order mark says otherwise. Null for UTF-8.</param>
    /// <param name="cancellationToken">Ends the wait for whichever step is under way.</param>
    /// <exception cref="FileEngineException">It could not be opened or read, or has more bytes than are sure to fit into
    /// a string: 1,073,741,791, twice as many in UTF-16 and UTF-32.</exception>
    public async Task<string> ReadAllTextAsync(
        string path, Encoding? encoding = null, CancellationToken cancellationToken = default)
    {
        await using var reader = await OpenReaderAsync(path, Reading(encoding), cancellationToken)
            .ConfigureAwait(false);
        return await reader.ReadTextToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the lines of a file. A line ends with a line feed, which a carriage return may precede; it may be as
    /// long as the file, and as a string.</summary>
    /// <inheritdoc cref="ReadAllTextAsync"/>
    public async Task<string[]> ReadAllLinesAsync(
        string path, Encoding? encoding = null, CancellationToken cancellationToken = default)
    {
        var lines = new List<string>();
        await foreach (var line in ReadLinesAsync(path, encoding, cancellationToken).ConfigureAwait(false))
        {
            lines.Add(line);
        }

        return [.. lines];
    }

    /// <summary>Reads the lines of a file as they are asked for; it is open from the first to the last. A line ends
    /// with a line feed, which a carriage return may precede; it may be as long as the file, and as a string.</summary>
    /// <inheritdoc cref="ReadAllTextAsync"/>
    public async IAsyncEnumerable<string> ReadLinesAsync(
        string path,
        Encoding? encoding = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var reader = await OpenReaderAsync(path, Reading(encoding), cancellationToken)
            .ConfigureAwait(false);
        await foreach (var line in reader.ReadLinesAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return line;
        }
    }

    // ------------------------------------------------------------------ writing

    /// <summary>Writes a file anew: created when missing, replaced in place when present. A reader may see a part of it
    /// meanwhile.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="bytes">Its content; the engine's until the task completes.</param>
    /// <param name="cancellationToken">Takes back whichever step is queued.</param>
    /// <exception cref="FileEngineException">It could not be opened or written.</exception>
    public Task WriteAllBytesAsync(
        string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        WriteAllAsync(path, OpenMode.Write, bytes, cancellationToken);

    /// <summary>Writes text as a file anew.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="text">Its content.</param>
    /// <param name="encoding">Null for UTF-8 without a byte order mark. One that has a mark begins a file with
    /// it.</param>
    /// <param name="cancellationToken">Ends the wait for whichever step is under way.</param>
    /// <inheritdoc cref="WriteAllBytesAsync" path="/exception"/>
    public Task WriteAllTextAsync(
        string path, string text, Encoding? encoding = null, CancellationToken cancellationToken = default) =>
        WriteTextAsync(path, OpenMode.Write, text, encoding, cancellationToken);

    /// <summary>Writes lines as a file anew, each ended by a line feed.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="lines">Its content.</param>
    /// <param name="encoding">Null for UTF-8 without a byte order mark. One that has a mark begins a file with
    /// it.</param>
    /// <param name="cancellationToken">Ends the wait for whichever step is under way.</param>
    /// <inheritdoc cref="WriteAllBytesAsync" path="/exception"/>
    public Task WriteAllLinesAsync(
        string path,
        IEnumerable<string> lines,
        Encoding? encoding = null,
        CancellationToken cancellationToken = default) =>
        WriteLinesAsync(path, OpenMode.Write, lines, encoding, cancellationToken);

    /// <summary>Writes at the end of a file, which is created when missing.</summary>
    /// <inheritdoc cref="WriteAllBytesAsync"/>
    public Task AppendAllBytesAsync(
        string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        WriteAllAsync(path, OpenMode.Append, bytes, cancellationToken);

    /// <summary>Writes text at the end of a file, which is created when missing.</summary>
    /// <inheritdoc cref="WriteAllTextAsync"/>
    public Task AppendAllTextAsync(
        string path, string text, Encoding? encoding = null, CancellationToken cancellationToken = default) =>
        WriteTextAsync(path, OpenMode.Append, text, encoding, cancellationToken);

    /// <summary>Writes lines at the end of a file, which is created when missing.</summary>
    /// <inheritdoc cref="WriteAllLinesAsync"/>
    public Task AppendAllLinesAsync(
        string path,
        IEnumerable<string> lines,
        Encoding? encoding = null,
        CancellationToken cancellationToken = default) =>
        WriteLinesAsync(path, OpenMode.Append, lines, encoding, cancellationToken);

    // ------------------------------------------------------------------ parts

    /// <summary>A line may be as long as the file.</summary>
    private static FileReaderOptions Reading(Encoding? encoding) =>
        new() { Encoding = encoding ?? Encoding.UTF8, LineSizeMax = int.MaxValue };

    private static FileWriterOptions? Writing(Encoding? encoding) =>
        encoding is null ? null : new FileWriterOptions { Encoding = encoding };

    private async Task WriteAllAsync(
        string path, OpenMode mode, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var done = 0L;
        try
        {
            var file = await OpenAsync(path, mode, null, cancellationToken).ConfigureAwait(false);
            await file.DisposeAfterAsync(AppendAsync()).ConfigureAwait(false);

            async ValueTask AppendAsync()
            {
                await file.AppendAsync(bytes, cancellationToken).ConfigureAwait(false);
                done = bytes.Length;
            }
        }
        catch (FileEngineException e) when (done > 0)
        {
            throw e.Again(done, e.IsUnfinished);
        }
    }

    private async Task WriteTextAsync(
        string path, OpenMode mode, string text, Encoding? encoding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        var writer = await OpenWriterAsync(path, mode, Writing(encoding), cancellationToken).ConfigureAwait(false);
        await WriteAndCloseAsync(
            writer, () => writer.WriteAsync(text, cancellationToken)).ConfigureAwait(false);
    }

    private async Task WriteLinesAsync(
        string path, OpenMode mode, IEnumerable<string> lines, Encoding? encoding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var writer = await OpenWriterAsync(path, mode, Writing(encoding), cancellationToken).ConfigureAwait(false);
        await WriteAndCloseAsync(writer, async () =>
        {
            foreach (var line in lines)
            {
                await writer.WriteLineAsync(line, cancellationToken).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    /// <summary>A failure says how much of all that was to be written is in the file, not of the piece that
    /// failed.</summary>
    private static async Task WriteAndCloseAsync(FileWriter writer, Func<ValueTask> write)
    {
        try
        {
            await using (writer)
            {
                await write().ConfigureAwait(false);
            }
        }
        catch (FileEngineException e)
        {
            throw e.Again(writer.Written, e.IsUnfinished);
        }
    }
}
