namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>A directory in memory where the system has a place for that, otherwise on a disk; deleted at the
/// end.</summary>
internal sealed class MemoryDirectory : IDisposable
{
    private const string SharedMemory = "/dev/shm";

    private MemoryDirectory(string path) => Path = path;

    public string Path { get; }

    public static MemoryDirectory Create()
    {
        var name = $"actors-test-{Guid.NewGuid():n}";
        try
        {
            return new MemoryDirectory(Directory.CreateDirectory(System.IO.Path.Combine(SharedMemory, name)).FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new MemoryDirectory(Directory.CreateTempSubdirectory("actors-test-").FullName);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
