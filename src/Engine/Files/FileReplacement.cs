using Actors.Engine.Files;

namespace Actors.Engine;

/// <summary>
/// New content for a file, written beside it under a temporary name. <see cref="CommitAsync"/> puts it in the file's
/// place, atomically and durably; disposed of without that, it goes away and the file stays as it was. Get it from <see
/// cref="FileEngine.OpenReplacementAsync"/>.
/// </summary>
/// <remarks>A process that is killed before either leaves the temporary file, <c>name.*.tmp</c>.</remarks>
public sealed class FileReplacement : IAsyncDisposable
{
    private readonly FileEngine _engine;
    private readonly string _temporary;
    private bool _committed;
    private bool _disposed;

    internal FileReplacement(FileEngine engine, string path, string temporary, FileWriter writer)
    {
        _engine = engine;
        _temporary = temporary;
        Path = path;
        Writer = writer;
    }

    /// <summary>The file that is to be replaced, as it was named.</summary>
    public string Path { get; }

    /// <summary>Takes the new content. Closed by <see cref="CommitAsync"/>.</summary>
    public FileWriter Writer { get; }

    /// <summary>Makes what was written durable, and puts it in the file's place. When it fails the file is as it was;
    /// but with <see cref="FailureReason.NotDurable"/> it is the new one, and a crash of the machine may undo
    /// that.</summary>
    /// <param name="cancellationToken">Gives up until the rename starts; then dispose.</param>
    /// <exception cref="InvalidOperationException">It was committed before.</exception>
    /// <exception cref="FileEngineException">Something could not be written, synced or renamed.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_committed)
        {
            throw new InvalidOperationException($"The replacement of {Path} was committed before.");
        }

        await Writer.SyncAsync(SyncScope.All, cancellationToken).ConfigureAwait(false);
        await Writer.DisposeAsync().ConfigureAwait(false);
        try
        {
            await PathRequest<ReplacementCommitted>
                .SendAsync(_engine, new CommitReplacement(Path, _temporary), cancellationToken).ConfigureAwait(false);
            _committed = true;
        }
        catch (FileEngineException e) when (e.Reason == FailureReason.NotDurable)
        {
            _committed = true;
            throw;
        }
    }

    /// <summary>Drops the new content unless it was committed. Calling it twice does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed || _committed)
        {
            return;
        }

        _disposed = true;
        try
        {
            await Writer.DisposeAsync().ConfigureAwait(false);
        }
        catch (FileEngineException)
        {
            // What could not be written is not wanted any more.
        }

        await _engine.DeleteTemporaryAsync(_temporary, isDirectory: false).ConfigureAwait(false);
    }
}
