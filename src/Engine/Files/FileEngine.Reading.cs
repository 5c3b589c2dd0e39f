using Actors.Engine.Files;

namespace Actors.Engine;

/// <content>Opening files for reading in sequence, and as streams.</content>
public sealed partial class FileEngine
{
    /// <summary>Opens a file for reading from a position onwards: bytes, chunks, lines, text. The reader closes
    /// it.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up waiting; a file that is opened meanwhile is closed again.</param>
    /// <exception cref="FileEngineException">It could not be opened.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public async ValueTask<FileReader> OpenReaderAsync(
        string path, FileReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new FileReaderOptions();
        options.Validate();
        var file = await OpenAsync(path, OpenMode.Read, options.File, cancellationToken).ConfigureAwait(false);
        return await OrCloseAsync(file, () => new FileReader(file, options, ownsFile: true)).ConfigureAwait(false);
    }

    /// <summary>Opens a file as a <see cref="Stream"/>, which closes it.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="mode">What for; <see cref="OpenMode.ReadWrite"/> both reads and writes, at any position.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up waiting; a file that is opened meanwhile is closed again.</param>
    /// <exception cref="FileEngineException">It could not be opened.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or not for the mode.</exception>
    public async ValueTask<FileEngineStream> OpenStreamAsync(
        string path,
        OpenMode mode = OpenMode.Read,
        FileEngineStreamOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new FileEngineStreamOptions();
        options.Validate(mode, options.File is { Direct: true });
        var file = await OpenAsync(path, mode, options.File, cancellationToken).ConfigureAwait(false);
        return await OrCloseAsync(file, () => new FileEngineStream(file, options, ownsFile: true))
            .ConfigureAwait(false);
    }
}
