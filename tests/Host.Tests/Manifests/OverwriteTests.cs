using System.Text.Json;

namespace Actors.Host.Tests.Manifests;

/// <summary>What a run may overwrite: what runs wrote. Everything else stays, or stops the run.</summary>
public sealed class OverwriteTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_run_may_overwrite_an_earlier_run()
    {
        await AssertExit(0, Run());
        await AssertExit(0, Run("--set", "scenario.phases.write.count=3"));
        await AssertExit(0, Verify());
    }

    [Fact]
    public async Task A_file_that_no_run_wrote_stops_the_run_unless_forced()
    {
        var foreign = _directory.Write("sync/1.txt", "precious");
        var refused = await AssertExit(2, Run());
        Assert.Contains(foreign, refused.Error);
        Assert.Contains("--force", refused.Error);
        Assert.Equal("precious", await File.ReadAllTextAsync(foreign));
        Assert.False(File.Exists(_directory[".actors-run.json"]));

        await AssertExit(0, Run("--force"));
        Assert.NotEqual("precious", await File.ReadAllTextAsync(foreign));
    }

    [Fact]
    public async Task Files_beside_the_runs_are_left_alone_and_named_as_foreign()
    {
        var foreign = _directory.Write("sync/notes.md", "precious");
        await AssertExit(0, Run());
        await AssertExit(0, Run());
        Assert.Equal("precious", await File.ReadAllTextAsync(foreign));
        var verdict = (await AssertExit(0, Verify("--json", "-"))).Json().GetProperty("backends")[0];
        Assert.Equal("notes.md", verdict.GetProperty("foreign")[0].GetString());
    }

    [Fact]
    public async Task Files_of_an_earlier_run_with_other_names_stay_the_runs_own()
    {
        await AssertExit(0, Run());
        await AssertExit(0, Run("--set", "scenario.file-name=b-{file}"));
        Assert.True(File.Exists(_directory["sync/1.txt"]));
        var verdict = (await AssertExit(0, Verify("--json", "-"))).Json().GetProperty("backends")[0];
        Assert.Equal(0, verdict.GetProperty("foreign").GetArrayLength());
        Assert.Equal(2, verdict.GetProperty("earlier").GetInt32());

        await AssertExit(0, Run());
    }

    [Fact]
    public async Task A_run_of_one_backend_keeps_what_the_manifest_says_of_the_others()
    {
        await AssertExit(0, Run());
        await AssertExit(0, Run("--backend", "thread-pool"));
        var verdict = (await AssertExit(0, Verify("--json", "-"))).Json();
        Assert.Equal(
            ["thread-pool", "sync"],
            verdict.GetProperty("backends").EnumerateArray().Select(b => b.GetProperty("backend").GetString()));
    }

    [Fact]
    public async Task Links_are_never_followed_out_of_the_directory()
    {
        using var elsewhere = new TemporaryDirectory();
        var target = elsewhere.Write("target", "precious");
        Directory.CreateDirectory(_directory["sync"]);
        File.CreateSymbolicLink(_directory["sync/0.txt"], target);
        var refused = await AssertExit(2, Run("--force"));
        Assert.Contains("in the way", refused.Error);
        Assert.Equal("precious", await File.ReadAllTextAsync(target));

        Directory.Delete(_directory["sync"], recursive: true);
        Directory.CreateSymbolicLink(_directory["sync"], elsewhere.Path);
        await AssertExit(2, Run("--force"));
        Assert.Single(Directory.GetFileSystemEntries(elsewhere.Path));
    }

    [Fact]
    public async Task A_linked_directory_below_is_refused_too()
    {
        using var elsewhere = new TemporaryDirectory();
        Directory.CreateDirectory(_directory["sync"]);
        Directory.CreateSymbolicLink(_directory["sync/d"], elsewhere.Path);
        await AssertExit(2, Run("--set", "scenario.file-name=d/{file}.txt"));
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere.Path));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{ "schema": "actors.run/2" }""")]
    public async Task A_manifest_that_is_none_stops_the_run_and_the_verifier(string text)
    {
        var path = _directory.Write(".actors-run.json", text);
        Assert.Contains(path, (await AssertExit(2, Run())).Error);
        Assert.Contains(path, (await AssertExit(2, Verify())).Error);
        await AssertExit(0, Run("--force"));
    }

    [Fact]
    public async Task A_manifest_cannot_lead_out_of_its_directory()
    {
        await AssertExit(0, Run());
        var path = _directory[".actors-run.json"];
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace("{file}.txt", "../../{file}.txt", StringComparison.Ordinal));
        Assert.Contains("leave", (await AssertExit(2, Verify())).Error);
        Assert.Contains("leave", (await AssertExit(2, Run())).Error);
    }

    [Fact]
    public async Task The_manifest_says_what_was_run()
    {
        await AssertExit(0, Run());
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(_directory[".actors-run.json"]));
        var root = manifest.RootElement;
        Assert.Equal("actors.run/1", root.GetProperty("schema").GetString());
        Assert.Equal("quick", root.GetProperty("scenario").GetString());
        Assert.Equal("done", root.GetProperty("state").GetString());
        var backend = root.GetProperty("backends")[0];
        Assert.Equal("sync", backend.GetProperty("backend").GetString());
        Assert.Equal(2, backend.GetProperty("files").GetProperty("files").GetInt32());
        Assert.All(
            backend.GetProperty("phases").EnumerateArray(),
            p => Assert.Equal("done", p.GetProperty("state").GetString()));
    }

    private Task<CommandResult> Run(params string[] more) => ActorsCommandLine.RunAsync(
    [
        "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory.Path, "--quiet",
        "--set", "scenario.files=2", "--set", "scenario.phases.write.count=5",
        .. more.Contains("--backend") ? more : [.. more, "--backend", "sync"],
    ]);

    private Task<CommandResult> Verify(params string[] more) =>
        ActorsCommandLine.RunAsync(["verify", _directory.Path, .. more]);

    private static async Task<CommandResult> AssertExit(int exitCode, Task<CommandResult> running)
    {
        var result = await running;
        Assert.True(result.ExitCode == exitCode, result.ToString());
        return result;
    }
}
