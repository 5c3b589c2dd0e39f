namespace Actors.Engine;

/// <summary>A directory that is deleted, with everything in it, when it is disposed of. Get it from <see
/// cref="FileEngine.CreateTemporaryDirectoryAsync"/>.</summary>
/// <remarks>A process that is killed before leaves it.</remarks>
public sealed class TemporaryDirectory : IAsyncDisposable
{
    private readonly FileEngine _engine;

    internal TemporaryDirectory(FileEngine engine, string path)
    {
        _engine = engine;
        Path = path;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Deletes it, if that has not been done.</summary>
    /// <exception cref="FileEngineException">It could not be deleted.</exception>
    public ValueTask DisposeAsync() => _engine.DeleteTemporaryAsync(Path, isDirectory: true);
}
