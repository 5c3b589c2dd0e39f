using System.Text.Json;

namespace Actors.Host.Tests.Commands;

public sealed class VerifyCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    public async Task InitializeAsync()
    {
        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory.Path, "--quiet",
            "--backend", "sync,thread-pool", "--set", "scenario.files=4", "--set", "scenario.phases.write.count=50");
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_a_run_left_is_complete()
    {
        var result = await ActorsCommandLine.RunAsync("verify", _directory.Path);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Everything is there.", result.Output);
    }

    [Fact]
    public async Task Damage_is_told_file_by_file()
    {
        await Damage("sync/0.txt", bytes => bytes[..100]);
        await Damage("sync/1.txt", bytes => [.. bytes[..40], (byte)'X', .. bytes[41..]]);
        File.Delete(_directory["sync/2.txt"]);
        File.WriteAllText(_directory["sync/note"], "");

        var result = await ActorsCommandLine.RunAsync("verify", _directory.Path, "--json", "-");
        Assert.True(result.ExitCode == 1, result.ToString());
        var backends = result.Json().GetProperty("backends");
        var sync = backends[0];
        Assert.Equal(
            (1, 1, 1, 1),
            (Count(sync, "complete"), Count(sync, "partial"), Count(sync, "different"), Count(sync, "missing")));
        Assert.Equal("note", sync.GetProperty("foreign")[0].GetString());
        var first = sync.GetProperty("incomplete")[0];
        Assert.Equal("0.txt", first.GetProperty("file").GetString());
        Assert.Equal(100, Count(first, "firstDifference"));
        Assert.Equal(40, Count(sync.GetProperty("incomplete")[1], "firstDifference"));
        Assert.Equal(4, Count(backends[1], "complete"));
        Assert.Contains("whole lines in order", result.Error);
        Assert.Contains("Not everything is there.", result.Error);
    }

    [Fact]
    public async Task A_directory_without_a_manifest_is_a_mistake_of_the_user()
    {
        var result = await ActorsCommandLine.RunAsync("verify", _directory["sync"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(".actors-run.json", result.Error);
        Assert.Empty(result.Output);
    }

    private async Task Damage(string name, Func<byte[], byte[]> change)
    {
        var path = _directory[name];
        await File.WriteAllBytesAsync(path, change(await File.ReadAllBytesAsync(path)));
    }

    private static int Count(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
