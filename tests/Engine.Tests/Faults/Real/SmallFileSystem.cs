using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>A file system of one mebibyte in memory, mounted for one test; needs root.</summary>
internal sealed class SmallFileSystem : IAsyncDisposable
{
    private SmallFileSystem(string path) => Path = path;

    public string Path { get; }

    /// <summary>Free bytes, as the system sees it.</summary>
    public long Free => new DriveInfo(Path).AvailableFreeSpace;

    public static async Task<SmallFileSystem> MountAsync()
    {
        Tool.SkipUnlessRoot();
        Tool.SkipUnlessThere("mount");
        var path = Directory.CreateTempSubdirectory("actors-mount-").FullName;
        var mounted = await Tool.RunAsync(["mount", "-t", "tmpfs", "-o", "size=1m", "actors-test", path]);
        if (mounted.ExitCode != 0)
        {
            Directory.Delete(path);
            throw new SkipException($"cannot mount here: {mounted.Output}");
        }

        return new SmallFileSystem(path);
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public Task MakeReadOnlyAsync() => Tool.DoAsync("mount", "-o", "remount,ro", Path);

    public async ValueTask DisposeAsync()
    {
        // Lazily, so that a test that failed with a file open leaves nothing behind either.
        await Tool.DoAsync("umount", "--lazy", Path);
        Directory.Delete(Path);
    }
}
