using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Names for code that knows nothing of actors: what each call does, and how it says that it could
/// not.</summary>
public sealed class FileSystemSpec
{
    [Fact]
    [Trait("Needs", "links")]
    public Task Stat_tells_kind_length_and_times() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", "12345");
        var status = await engine.StatAsync(path);
        Assert.Equal((FileKind.File, 5L), (status.Kind, status.Length));
        Assert.Equal(File.GetLastWriteTimeUtc(path), status.LastWriteTimeUtc);
        Assert.True(status.IsFile && !status.IsDirectory);
        Assert.True((await engine.StatAsync(scenario.Directory)).IsDirectory);

        File.CreateSymbolicLink(scenario.PathOf("link"), "a.txt");
        Assert.Equal(5, (await engine.StatAsync(scenario.PathOf("link"))).Length);
        Assert.Equal(FileKind.SymbolicLink, (await engine.StatAsync(scenario.PathOf("link"), false)).Kind);
        if (!OperatingSystem.IsWindows())
        {
            await engine.SetModeAsync(path, UnixFileMode.UserRead | UnixFileMode.OtherWrite);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.OtherWrite, (await engine.StatAsync(path)).Mode);
        }
    });

    [Fact]
    [Trait("Needs", "links")]
    public Task Exists_is_true_of_anything_that_a_path_leads_to() => RunAsync(async (scenario, engine) =>
    {
        File.CreateSymbolicLink(scenario.PathOf("dangling"), "nothing");
        Assert.True(await engine.ExistsAsync(scenario.Given("a.txt")));
        Assert.True(await engine.ExistsAsync(scenario.Directory));
        Assert.False(await engine.ExistsAsync(scenario.PathOf("missing")));
        Assert.False(await engine.ExistsAsync(scenario.PathOf("a.txt/below")));
        Assert.False(await engine.ExistsAsync(scenario.PathOf("dangling")));
    });

    [Fact]
    public Task Rename_moves_files_and_directories() => RunAsync(async (scenario, engine) =>
    {
        var from = scenario.Given("from.txt", "new");
        var to = scenario.Given("to.txt", "old");
        await ExpectAsync(FailureReason.AlreadyExists, from, () => engine.RenameAsync(from, to));
        await engine.RenameAsync(from, to, overwrite: true);
        Assert.Equal("new", scenario.ContentOf("to.txt"));
        await ExpectAsync(FailureReason.NotFound, from, () => engine.RenameAsync(from, to, overwrite: true));

        await engine.CreateDirectoryAsync(scenario.PathOf("one/below"));
        await engine.RenameAsync(scenario.PathOf("one"), scenario.PathOf("two"));
        Assert.True(Directory.Exists(scenario.PathOf("two/below")));
    });

    [Fact]
    [Trait("Needs", "links")]
    public Task Delete_removes_files_and_links_themselves() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt");
        var link = scenario.PathOf("link");
        File.CreateSymbolicLink(link, "a.txt");
        await engine.DeleteAsync(link);
        Assert.True(File.Exists(path));
        File.CreateSymbolicLink(link, "nothing");
        await engine.DeleteAsync(link, durable: false);
        await engine.DeleteAsync(path);
        Assert.Empty(Directory.GetFileSystemEntries(scenario.Directory));
        await ExpectAsync(FailureReason.NotFound, path, () => engine.DeleteAsync(path));
        await Assert.ThrowsAsync<FileEngineException>(() => engine.DeleteAsync(scenario.Directory));
    });

    [Fact]
    [Trait("Needs", "links")]
    public Task Directories_are_created_with_parents_and_deleted_with_content() => RunAsync(async (scenario, engine) =>
    {
        var below = scenario.PathOf("a/b/c");
        Assert.True(await engine.CreateDirectoryAsync(below));
        Assert.False(await engine.CreateDirectoryAsync(below));
        var file = scenario.Given("a/b/file.txt", "content");
        await ExpectAsync(FailureReason.AlreadyExists, file, () => engine.CreateDirectoryAsync(file));

        var top = scenario.PathOf("a");
        await ExpectAsync(FailureReason.NotEmpty, top, () => engine.DeleteDirectoryAsync(top));
        await engine.DeleteDirectoryAsync(below);
        var kept = scenario.Given("kept.txt", "content");
        File.CreateSymbolicLink(scenario.PathOf("a/link"), kept);
        await engine.DeleteDirectoryAsync(top, recursive: true);
        Assert.False(Directory.Exists(top));
        Assert.True(File.Exists(kept));
        await ExpectAsync(FailureReason.NotFound, top, () => engine.DeleteDirectoryAsync(top, recursive: true));
    });

    [Fact]
    [Trait("Needs", "links")]
    public Task A_listing_names_every_entry_once_and_what_it_is() => RunAsync(async (scenario, engine) =>
    {
        var names = Enumerable.Range(0, 700).Select(i => $"file-{i}").ToHashSet();
        foreach (var name in names)
        {
            scenario.Given(name);
        }

        Directory.CreateDirectory(scenario.PathOf("directory"));
        File.CreateSymbolicLink(scenario.PathOf("link"), "directory");
        var entries = new List<DirectoryEntry>();
        await foreach (var entry in engine.ListAsync(scenario.Directory))
        {
            Assert.Equal(scenario.PathOf(entry.Name), entry.Path);
            entries.Add(entry);
        }

        var kinds = entries.ToDictionary(entry => entry.Name, entry => entry.Kind);
        Assert.Equal(702, entries.Count);
        Assert.Equal(FileKind.Directory, kinds["directory"]);
        Assert.Equal(FileKind.SymbolicLink, kinds["link"]);
        Assert.True(names.All(name => kinds[name] == FileKind.File));
    });

    [Fact]
    public Task A_listing_that_is_left_early_closes_the_directory() => RunAsync(async (scenario, engine) =>
    {
        for (var i = 0; i < 600; i++)
        {
            scenario.Given($"file-{i}");
        }

        await foreach (var entry in engine.ListAsync(scenario.Directory))
        {
            Assert.NotEmpty(entry.Name);
            break;
        }

        Assert.Empty(OpenDescriptors.Below(scenario.Directory));
        var missing = scenario.PathOf("missing");
        await ExpectAsync(
            FailureReason.NotFound, missing,
            async () => await engine.ListAsync(missing).GetAsyncEnumerator().MoveNextAsync());
    });

    [Fact]
    public Task A_cancelled_call_does_nothing() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt");
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => engine.DeleteAsync(path, cancellationToken: cancelled));
        Assert.True(File.Exists(path));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.DeleteAsync(""));
        await ExpectAsync(FailureReason.InvalidArgument, "a\0b", () => engine.DeleteAsync("a\0b"));
    });

    [Fact]
    public async Task After_the_engine_has_stopped_every_call_fails_at_once()
    {
        var engine = FileEngine.Start();
        await engine.DisposeAsync();
        await ExpectAsync(FailureReason.Closing, "a.txt", () => engine.StatAsync("a.txt"));
        await ExpectAsync(FailureReason.Closing, "a.txt", () => engine.CopyTreeAsync("a.txt", "b.txt"));
    }

    [Fact]
    public Task An_open_file_tells_its_status_whatever_its_name_is() => RunAsync(async (scenario, engine) =>
    {
        await using var file = await engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
        await file.AppendAsync(Text.Bytes("12345"));
        await engine.RenameAsync(file.Path, scenario.PathOf("b.txt"));
        var status = await file.StatAsync();
        Assert.Equal((FileKind.File, 5L), (status.Kind, status.Length));
        Assert.Equal(File.GetLastWriteTimeUtc(scenario.PathOf("b.txt")), status.LastWriteTimeUtc);
        await file.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => file.StatAsync());
        await using var reader = await engine.OpenAsync(scenario.PathOf("b.txt"), OpenMode.Read);
        Assert.Equal(5, (await reader.StatAsync()).Length);
    });

    /// <summary>Expects a failure for a reason, that names the path.</summary>
    internal static async Task<FileEngineException> ExpectAsync(FailureReason reason, string path, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<FileEngineException>(call);
        Assert.True(failure.Reason == reason, $"{failure.Reason}, not {reason}: {failure.Message}");
        Assert.Equal(path, failure.Path);
        return failure;
    }

    private static Task RunAsync(Func<EngineScenario, FileEngine, Task> play) =>
        EngineScenario.RunAsync("sync", scenario => play(scenario, scenario.Engine));
}
