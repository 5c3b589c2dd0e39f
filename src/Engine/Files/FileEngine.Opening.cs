using Actors.Engine.Files;
using Actors.Engine.Telemetry;

namespace Actors.Engine;

/// <content>Opening files for code that knows nothing of actors.</content>
public sealed partial class FileEngine
{
    /// <summary>The clients of all files opened here.</summary>
    internal FileClients Clients { get; } = new();

    /// <summary>Opens a file for positional calls from many callers at once.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="mode">What for.</param>
    /// <param name="options">Settings of this file; what is null there comes from <c>actors.engine</c>.</param>
    /// <param name="cancellationToken">Gives up waiting; a file that is opened meanwhile is closed again.</param>
    /// <exception cref="FileEngineException">It could not be opened.</exception>
    /// <exception cref="ArgumentException">The mode or an option is out of range.</exception>
    public async ValueTask<EngineFile> OpenAsync(
        string path, OpenMode mode, OpenOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OpenOptions.FaultOf(mode, options, ShardCount) is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        var opening = EngineActivities.HasListeners
            ? TraceOpen(path, mode, options, cancellationToken)
            : OpenFileAsync(path, mode, options, cancellationToken);
        return await opening.ConfigureAwait(false);
    }

    /// <summary>Opens a file for buffered writing at its end: bytes, text and lines.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="mode">Any but <see cref="OpenMode.Read"/>; <see cref="OpenMode.Write"/> starts it anew.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up waiting; a file that is opened meanwhile is closed again.</param>
    /// <exception cref="FileEngineException">It could not be opened.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or not for a writer.</exception>
    public async ValueTask<FileWriter> OpenWriterAsync(
        string path,
        OpenMode mode = OpenMode.Write,
        FileWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new FileWriterOptions();
        options.Validate(mode);
        var file = await OpenAsync(path, mode, options.File, cancellationToken).ConfigureAwait(false);
        return await OrCloseAsync(file, () => new FileWriter(file, options, ownsFile: true)).ConfigureAwait(false);
    }

    /// <summary>Makes what is to own an open file; closes the file when that throws, as an encoding of the caller's
    /// may.</summary>
    private static async ValueTask<T> OrCloseAsync<T>(EngineFile file, Func<T> create)
    {
        try
        {
            return create();
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private ValueTask<EngineFile> TraceOpen(
        string path, OpenMode mode, OpenOptions? options, CancellationToken cancellationToken) =>
        EngineActivities.TraceAsync("file.open", path, () => OpenFileAsync(path, mode, options, cancellationToken));

    private async ValueTask<EngineFile> OpenFileAsync(
        string path, OpenMode mode, OpenOptions? options, CancellationToken cancellationToken)
    {
        var client = new FileClient(this, path);
        var opened = await client.OpenAsync(mode, options, cancellationToken).ConfigureAwait(false);
        return new EngineFile(client, opened);
    }
}
