using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Akka.TestKit;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Stat, Rename, Delete, Replace: what they do, and how they say that they could not.</summary>
public sealed class FileSystemCommandSpec
{
    [Fact]
    public Task Stat_tells_files_from_directories() => RunAsync(async (scenario, client) =>
    {
        var path = scenario.Given("a.txt", "12345");
        var file = (await AskAsync<StatResult>(scenario, client, new Stat(path))).Status;
        Assert.Equal(
            (FileKind.File, 5L, File.GetLastWriteTimeUtc(path)), (file.Kind, file.Length, file.LastWriteTimeUtc));
        var directory = (await AskAsync<StatResult>(scenario, client, new Stat(scenario.Directory))).Status;
        Assert.Equal((FileKind.Directory, 0L), (directory.Kind, directory.Length));
        await ExpectFailureAsync(scenario, client, new Stat(scenario.PathOf("missing")), FailureReason.NotFound);
    });

    [Fact]
    public Task Rename_moves_and_replaces_only_when_told_to() => RunAsync(async (scenario, client) =>
    {
        var from = scenario.Given("from.txt", "new");
        var to = scenario.Given("to.txt", "old");
        await ExpectFailureAsync(scenario, client, new Rename(from, to), FailureReason.AlreadyExists);
        Assert.Equal("old", scenario.ContentOf("to.txt"));

        Assert.Equal(new Renamed(from, to), await AskAsync<Renamed>(scenario, client, new Rename(from, to, true)));
        Assert.Equal("new", scenario.ContentOf("to.txt"));
        Assert.False(File.Exists(from));
        await ExpectFailureAsync(scenario, client, new Rename(from, to), FailureReason.NotFound);
        await ExpectFailureAsync(
            scenario, client, new Rename(to, scenario.PathOf("no/such/directory")), FailureReason.NotFound);
    });

    [Fact]
    public Task A_large_directory_is_listed_in_parts() => RunAsync(async (scenario, client) =>
    {
        for (var i = 0; i < 257; i++)
        {
            scenario.Given($"{i}");
        }

        var first = await AskAsync<DirectoryListed>(scenario, client, new ListDirectory(scenario.Directory));
        Assert.Equal(256, first.Entries.Count);
        var rest = await AskAsync<DirectoryListed>(scenario, client, first.More!);
        Assert.Single(rest.Entries);
        Assert.Null(rest.More);
    });

    [Fact]
    public Task Rename_works_across_directories() => RunAsync(async (scenario, client) =>
    {
        Directory.CreateDirectory(scenario.PathOf("below"));
        var from = scenario.Given("from.txt", "content");
        await AskAsync<Renamed>(scenario, client, new Rename(from, scenario.PathOf("below/to.txt")));
        Assert.Equal("content", scenario.ContentOf("below/to.txt"));
    });

    [Fact]
    public Task Delete_removes_a_file_and_only_a_file() => RunAsync(async (scenario, client) =>
    {
        var path = scenario.Given("a.txt", "content");
        Assert.Equal(new Deleted(path), await AskAsync<Deleted>(scenario, client, new Delete(path)));
        Assert.False(File.Exists(path));
        await ExpectFailureAsync(scenario, client, new Delete(path), FailureReason.NotFound);
        Directory.CreateDirectory(scenario.PathOf("directory"));
        scenario.Engine.Coordinator.Tell(new Delete(scenario.PathOf("directory")), client);
        await client.ExpectMsgAsync<CommandFailed>();
        Assert.True(Directory.Exists(scenario.PathOf("directory")));
    });

    [Fact]
    public Task Replace_gives_new_content_and_leaves_nothing_else() => RunAsync(async (scenario, client) =>
    {
        var path = scenario.Given("a.txt", "old and longer");
        Assert.Equal(
            new Replaced(path, 3), await AskAsync<Replaced>(scenario, client, new Replace(path, Text.Bytes("new"))));
        Assert.Equal("new", scenario.ContentOf("a.txt"));

        var created = scenario.PathOf("created.txt");
        await AskAsync<Replaced>(scenario, client, new Replace(created, Text.Bytes("first")));
        Assert.Equal("first", scenario.ContentOf("created.txt"));
        Assert.Equal([path, created], Directory.GetFiles(scenario.Directory).Order());
    });

    [SkippableFact]
    [Trait("Needs", "permissions")]
    public async Task Replace_keeps_the_permissions_of_what_was_there()
    {
        Skip.If(OperatingSystem.IsWindows(), "there are no permission bits");
        await RunAsync(async (scenario, client) =>
        {
            const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var path = scenario.Given("a.txt", "old");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, Mine);
                await AskAsync<Replaced>(scenario, client, new Replace(path, Text.Bytes("new")));
                Assert.Equal(Mine, File.GetUnixFileMode(path));

                var created = scenario.PathOf("created.txt");
                await AskAsync<Replaced>(scenario, client, new Replace(created, Text.Bytes("new"), Mine));
                Assert.Equal(Mine, File.GetUnixFileMode(created));
            }
        });
    }

    [Fact]
    public Task Replace_that_fails_leaves_the_old_content() => RunAsync(async (scenario, client) =>
    {
        await ExpectFailureAsync(
            scenario, client, new Replace(scenario.PathOf("no/such/directory.txt"), Text.Bytes("x")),
            FailureReason.NotFound);
        Directory.CreateDirectory(scenario.PathOf("directory"));
        scenario.Engine.Coordinator.Tell(new Replace(scenario.PathOf("directory"), Text.Bytes("x")), client);
        await client.ExpectMsgAsync<CommandFailed>();
        Assert.Empty(Directory.GetFiles(scenario.Directory));
    });

    [Fact]
    public Task A_reader_of_a_replaced_file_goes_on_reading_the_old_content() => RunAsync(async (scenario, client) =>
    {
        var path = scenario.Given("a.txt", "old");
        var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Read);
        await AskAsync<Replaced>(scenario, client, new Replace(path, Text.Bytes("new")));
        file.Tell(new ReadAll());
        Assert.Equal("old", Text.Of((await file.ExpectAsync<WholeFile>()).Data));
        await file.CloseAsync();
    });

    [Fact]
    public Task Every_command_has_its_answer_and_failures_name_it() => RunAsync(async (scenario, client) =>
    {
        var path = scenario.Given("a.txt", "content");
        var below = scenario.PathOf("below");
        await AskAsync<DirectoryCreated>(scenario, client, new CreateDirectory(below));
        await AskAsync<Copied>(scenario, client, new Copy(path, Path.Join(below, "b.txt")));
        await AskAsync<TreeCopied>(scenario, client, new CopyTree(below, scenario.PathOf("copy")));
        Assert.Single((await AskAsync<DirectoryListed>(scenario, client, new ListDirectory(below))).Entries);
        await AskAsync<DirectoryDeleted>(scenario, client, new DeleteDirectory(below, true));

        var missing = scenario.PathOf("missing");
        FileSystemCommand[] commands =
        [
            new Copy(missing, below), new CopyTree(missing, below), new ListDirectory(missing),
            new DeleteDirectory(missing), new SetMode(missing, UnixFileMode.UserRead),
        ];
        foreach (var command in commands)
        {
            await ExpectFailureAsync(scenario, client, command, FailureReason.NotFound);
        }
    });

    [Fact]
    public Task A_cancelled_command_is_answered_once_and_not_performed() => RunAsync(async (scenario, client) =>
    {
        var path = scenario.Given("a.txt", "content");
        var cancelled = new CancellationToken(canceled: true);
        await ExpectFailureAsync(
            scenario, client, new Delete(path) { Cancellation = cancelled }, FailureReason.Cancelled);
        Assert.True(File.Exists(path));
    });

    [Fact]
    public Task After_the_stop_commands_are_answered_too() => RunAsync(async (scenario, client) =>
    {
        scenario.Faults.Expect(message => message is FileSystemCommand);
        client.Watch(scenario.Engine.Coordinator);
        scenario.Engine.Coordinator.Tell(PoisonPill.Instance);
        await client.ExpectTerminatedAsync(scenario.Engine.Coordinator);
        await ExpectFailureAsync(scenario, client, new Copy("a", "b"), FailureReason.NotOpen);
        await scenario.StopAsync();
    });

    private static Task RunAsync(Func<EngineScenario, TestProbe, Task> play) =>
        EngineScenario.RunAsync("sync", scenario => play(scenario, scenario.Probe("client")));

    private static async Task<T> AskAsync<T>(EngineScenario scenario, TestProbe client, EngineCommand command)
    {
        scenario.Engine.Coordinator.Tell(command, client);
        return await client.ExpectMsgAsync<T>();
    }

    private static async Task ExpectFailureAsync(
        EngineScenario scenario, TestProbe client, EngineCommand command, FailureReason reason)
    {
        var failed = await AskAsync<CommandFailed>(scenario, client, command);
        Assert.True(failed.Reason == reason, $"{command}: {failed.Reason} {failed.Cause}");
        Assert.Same(command, failed.Command);
        Assert.NotEmpty(failed.Cause);
    }
}
