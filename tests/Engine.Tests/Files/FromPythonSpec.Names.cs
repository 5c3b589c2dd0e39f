using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <content>aiofiles.os, aiofiles.os.path and aiofiles.tempfile.</content>
public sealed partial class FromPythonSpec
{
    // ------------------------------------------------------------------ os

    [Fact]
    [Trait("Needs", "links")]
    public Task Os_stat_and_path_questions() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", "12345");
        var link = scenario.PathOf("link");
        File.CreateSymbolicLink(link, "a.txt");
        var status = await engine.StatAsync(link);
        Assert.True(status.IsFile); // isfile
        Assert.False(status.IsDirectory); // isdir
        Assert.Equal(5, status.Length); // getsize
        Assert.Equal(File.GetLastWriteTimeUtc(path), status.LastWriteTimeUtc); // getmtime
        Assert.Equal(FileKind.SymbolicLink, (await engine.StatAsync(link, followLinks: false)).Kind); // lstat, islink
        Assert.True(await engine.ExistsAsync(path)); // exists
        File.Delete(path);
        Assert.False(await engine.ExistsAsync(link)); // a link to nothing
        await FileSystemSpec.ExpectAsync(FailureReason.NotFound, path, () => engine.StatAsync(path));
    });

    [Fact]
    public Task Os_rename_and_replace() => RunAsync(async (scenario, engine) =>
    {
        var from = scenario.Given("from.txt", "new");
        var to = scenario.Given("to.txt", "old");
        await FileSystemSpec.ExpectAsync(FailureReason.AlreadyExists, from, () => engine.RenameAsync(from, to));
        await engine.RenameAsync(from, to, overwrite: true);
        Assert.Equal("new", scenario.ContentOf("to.txt"));
        Assert.False(File.Exists(from));
    });

    [Fact]
    public Task Os_renames_and_removedirs() => RunAsync(async (scenario, engine) =>
    {
        var from = scenario.PathOf("one/two/a.txt");
        var to = scenario.PathOf("three/four/a.txt");
        await engine.CreateDirectoryAsync(Path.GetDirectoryName(from)!);
        await File.WriteAllTextAsync(from, "text");
        scenario.Given("keeps-the-root.txt");

        await engine.CreateDirectoryAsync(Path.GetDirectoryName(to)!);
        await engine.RenameAsync(from, to);
        await RemoveEmptyAsync(engine, Path.GetDirectoryName(from)!);

        Assert.Equal("text", await File.ReadAllTextAsync(to));
        Assert.False(Directory.Exists(scenario.PathOf("one")));
        Assert.True(Directory.Exists(scenario.Directory));
    });

    [Fact]
    [Trait("Needs", "links")]
    public Task Os_remove_and_unlink() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt");
        File.CreateSymbolicLink(scenario.PathOf("link"), "a.txt");
        await engine.DeleteAsync(scenario.PathOf("link"));
        Assert.True(File.Exists(path));
        await engine.DeleteAsync(path);
        await FileSystemSpec.ExpectAsync(FailureReason.NotFound, path, () => engine.DeleteAsync(path));
        await Assert.ThrowsAsync<FileEngineException>(() => engine.DeleteAsync(scenario.Directory));
    });

    [Fact]
    public Task Os_mkdir_makedirs_and_rmdir() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.PathOf("one/two");
        Assert.True(await engine.CreateDirectoryAsync(path));
        Assert.False(await engine.CreateDirectoryAsync(path)); // where Python raises FileExistsError
        var parent = scenario.PathOf("one");
        await FileSystemSpec.ExpectAsync(
            FailureReason.NotEmpty, parent, () => engine.DeleteDirectoryAsync(parent));
        await engine.DeleteDirectoryAsync(path);
        await engine.DeleteDirectoryAsync(parent);
        Assert.False(Directory.Exists(parent));
    });

    [Fact]
    [Trait("Needs", "links")]
    public Task Os_listdir_and_scandir() => RunAsync(async (scenario, engine) =>
    {
        scenario.Given("a.txt");
        Directory.CreateDirectory(scenario.PathOf("below"));
        File.CreateSymbolicLink(scenario.PathOf("link"), "below");
        var entries = new List<DirectoryEntry>();
        await foreach (var entry in engine.ListAsync(scenario.Directory))
        {
            entries.Add(entry);
        }

        Assert.Equal(
            [("a.txt", FileKind.File), ("below", FileKind.Directory), ("link", FileKind.SymbolicLink)],
            entries.Select(entry => (entry.Name, entry.Kind)).Order());
        Assert.Contains(scenario.PathOf("a.txt"), entries.Select(entry => entry.Path));
    });

    [Fact]
    public Task Os_sendfile_between_files() => RunAsync(async (scenario, engine) =>
    {
        var content = Text.Pattern(100_000);
        var target = scenario.PathOf("b.bin");
        var copied = await engine.CopyAsync(scenario.Given("a.bin", content), target);
        Assert.Equal(content.Length, copied.Bytes);
        Assert.Equal(content, await File.ReadAllBytesAsync(target));
    });

    [Fact]
    [Trait("Needs", "links")]
    public Task Os_symlink_readlink_statvfs_of_the_base_library() => RunAsync((scenario, _) =>
    {
        var path = scenario.Given("a.txt", "text");
        var link = scenario.PathOf("link");
        File.CreateSymbolicLink(link, path);
        Assert.Equal(path, new FileInfo(link).LinkTarget);
        Assert.True(new DriveInfo(scenario.Directory).TotalSize > 0);
        return Task.CompletedTask;
    });

    // ------------------------------------------------------------------ tempfile

    [Fact]
    public Task Tempfile_files_go_when_they_are_closed() => RunAsync(async (scenario, engine) =>
    {
        string path;
        await using (var temporary = await engine.CreateTemporaryFileAsync(scenario.Directory, "part"))
        {
            path = temporary.Path;
            Assert.StartsWith(scenario.PathOf("part"), path, StringComparison.Ordinal);
            await using var stream = temporary.File.AsStream();
            await stream.WriteAsync("text"u8.ToArray());
            stream.Position = 0;
            Assert.Equal("text", await new StreamReader(stream).ReadToEndAsync());
        }

        Assert.False(File.Exists(path));
    });

    [Fact]
    public Task Tempfile_directories_go_with_what_is_in_them() => RunAsync(async (scenario, engine) =>
    {
        string path;
        await using (var temporary = await engine.CreateTemporaryDirectoryAsync(scenario.Directory))
        {
            path = temporary.Path;
            await engine.WriteAllTextAsync(Path.Combine(path, "a.txt"), "text");
        }

        Assert.False(Directory.Exists(path));
    });

    /// <summary>As docs/from-python.md has it.</summary>
    private static async Task RemoveEmptyAsync(FileEngine engine, string directory)
    {
        try
        {
            for (var empty = directory; empty is not null; empty = Path.GetDirectoryName(empty))
            {
                await engine.DeleteDirectoryAsync(empty);
            }
        }
        catch (FileEngineException e) when (e.Reason is FailureReason.NotEmpty)
        {
        }
    }
}
