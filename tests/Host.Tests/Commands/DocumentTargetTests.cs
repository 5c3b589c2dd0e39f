using System.Text.Json;
using Actors.Host.Tests.Hostile;

namespace Actors.Host.Tests.Commands;

/// <summary>Where documents may go: refused before the run, or written; never in vain, and nobody waits.</summary>
public sealed class DocumentTargetTests : IDisposable
{
    private readonly Sandbox? _sandbox = !OperatingSystem.IsLinux() ? null : new Sandbox("documents",
    [
        PlantedEntry.Pipe("work/pipe"), PlantedEntry.Directory("work/directory"),
        PlantedEntry.Link("work/dangling", "gone/report"), PlantedEntry.Link("work/loop", "loop"),
        PlantedEntry.File("work/old.json", "old"u8.ToArray()), PlantedEntry.Link("work/link", "old.json"),
    ]);

    public void Dispose() => _sandbox?.Dispose();

    [SkippableTheory]
    [InlineData("pipe", "somebody must be reading")]
    [InlineData("directory", "not a file")]
    [InlineData("dangling", "Name a file")]
    [InlineData("loop", "Name a file")]
    [InlineData("gone/report", "existing directory")]
    [InlineData("old.json/below", "existing directory")]
    [InlineData("new/", "not a file")]
    [InlineData("", "not a path")]
    [InlineData("a\0b", "not a path")]
    public async Task What_cannot_take_a_document_is_refused_before_the_run(string target, string said)
    {
        SkipWhereNotLinux();
        foreach (var option in new[] { "--json", "--csv" })
        {
            var before = _sandbox!.Snapshot();
            var result = await RunAsync(option, target);
            Assert.True(result.ExitCode == 2, result.ToString());
            Assert.Contains(option, result.Error);
            Assert.Contains(said, result.Error);
            Assert.Equal(before, _sandbox.Snapshot());
        }
    }

    [SkippableTheory]
    [InlineData("new.json")]
    [InlineData("old.json")]
    [InlineData("link")]
    public async Task A_file_takes_it(string target)
    {
        SkipWhereNotLinux();
        Assert.Equal(0, (await RunAsync("--json", target)).ExitCode);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(target));
        Assert.Equal("done", document.RootElement.GetProperty("outcome").GetString());
    }

    [SkippableTheory]
    [InlineData("new.json", "new.json")]
    [InlineData("new.json", "./out/../new.json")]
    [InlineData("old.json", "link")]
    [InlineData("link", "old.json")]
    [InlineData("new.json", "/proc/self/cwd/new.json")]
    public async Task One_file_for_two_documents_is_refused(string json, string csv)
    {
        SkipWhereNotLinux();
        Directory.CreateDirectory("out");
        var result = await RunAsync("--json", json, "--csv", csv);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("name the same file", result.Error);
        Assert.Equal("old", await File.ReadAllTextAsync("old.json"));
        Assert.False(File.Exists("new.json"));
    }

    [SkippableFact]
    public async Task A_document_in_place_of_the_runs_own_files_is_refused()
    {
        SkipWhereNotLinux();
        Assert.Equal(0, (await RunAsync()).ExitCode);
        var result = await RunAsync("--json", "out/.actors-run.json");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Equal(0, (await RunAsync()).ExitCode);
    }

    [SkippableFact]
    public async Task A_document_keeps_the_link_and_the_mode_of_the_file_and_leaves_nothing_beside_it()
    {
        SkipWhereNotLinux();
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode("old.json", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Equal(0, (await RunAsync("--json", "link")).ExitCode);
        Assert.Equal("old.json", new FileInfo("link").LinkTarget);
        Assert.StartsWith("{", await File.ReadAllTextAsync("old.json"));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode("old.json"));
        Assert.Empty(Directory.GetFiles(".", "*.new"));
    }

    [SkippableFact]
    public async Task Quiet_says_nothing_where_nothing_is_wrong()
    {
        SkipWhereNotLinux();
        var result = await RunAsync("--backend", "auto");
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [SkippableFact]
    public async Task A_refused_run_leaves_the_old_document_as_it_was()
    {
        SkipWhereNotLinux();
        Assert.Equal(2, (await RunAsync("--json", "old.json", "--set", "scenario.files=none")).ExitCode);
        Assert.Equal("old", await File.ReadAllTextAsync("old.json"));
        Assert.Equal(2, (await RunAsync("--json", "new.json", "--set", "scenario.files=none")).ExitCode);
        Assert.False(File.Exists("new.json"));
    }

    [SkippableFact]
    public async Task A_pipe_that_is_read_takes_it()
    {
        SkipWhereNotLinux();

        // Opened for both directions, which does not wait for the other end.
        await using var reader = new FileStream("pipe", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Assert.Equal(0, (await RunAsync("--json", "pipe")).ExitCode);
        var buffer = new byte[1 << 16];
        var count = await reader.ReadAsync(buffer);
        using var document = JsonDocument.Parse(buffer.AsMemory(0, count));
        Assert.Equal("done", document.RootElement.GetProperty("outcome").GetString());
    }

    [SkippableFact]
    public async Task A_full_device_fails_the_run_by_name()
    {
        SkipWhereNotLinux();
        foreach (var option in new[] { "--json", "--csv" })
        {
            var result = await RunAsync(option, "/dev/full");
            Assert.True(result.ExitCode == 1, result.ToString());
            Assert.Contains($"{option} /dev/full: the document was not written", result.Error);
            Assert.Equal(0, (await RunAsync(option, "/dev/null")).ExitCode);
        }
    }

    private static Task<CommandResult> RunAsync(params string[] more) => ActorsCommandLine.RunAsync(
    [
        "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", "out",
        .. more.Contains("--backend") ? Array.Empty<string>() : ["--backend", "sync"], "--quiet",
        "--set", "scenario.files=2", "--set", "scenario.phases.write.count=5", .. more,
    ]);

    private static void SkipWhereNotLinux() =>
        Skip.IfNot(OperatingSystem.IsLinux(), "pipes and devices are Linux's");
}
