namespace Actors.Engine;

/// <summary>A file that is closed and deleted when it is disposed of. Get it from <see
/// cref="FileEngine.CreateTemporaryFileAsync"/>.</summary>
/// <remarks>A process that is killed before leaves it.</remarks>
public sealed class TemporaryFile : IAsyncDisposable
{
    private readonly FileEngine _engine;

    internal TemporaryFile(FileEngine engine, EngineFile file)
    {
        _engine = engine;
        File = file;
    }

    /// <summary>Open for reading and writing at positions, and appending.</summary>
    public EngineFile File { get; }

    /// <summary>Where it is.</summary>
    public string Path => File.Path;

    /// <summary>Closes and deletes it, if that has not been done. Calling it twice does nothing.</summary>
    /// <exception cref="FileEngineException">It could not be deleted.</exception>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await File.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await _engine.DeleteTemporaryAsync(Path, isDirectory: false).ConfigureAwait(false);
        }
    }
}
