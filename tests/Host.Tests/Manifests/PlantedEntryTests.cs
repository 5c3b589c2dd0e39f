using Actors.Host.Tests.Hostile;

namespace Actors.Host.Tests.Manifests;

/// <summary>
/// Somebody else has put links and special files where a run writes. Nothing outside the run's directory changes,
/// forced or not; the run is refused by name, or does without what was there. The verifier follows none.
/// </summary>
public sealed class PlantedEntryTests
{
    private static readonly PlantedEntry Canary = PlantedEntry.File("canary/0.txt", "precious"u8.ToArray());

    public static TheoryData<string, string, string> Refused => new()
    {
        { "work/out/sync", "link", "../../canary" },
        { "work/out/sync", "pipe", "" },
        { "work/out/sync/0.txt", "link", "../../../canary/0.txt" },
        { "work/out/sync/0.txt", "link", "../../../canary/not-there" },
        { "work/out/sync/0.txt", "pipe", "" },
        { "work/out/sync/0.txt", "directory", "" },
        { "work/out/.actors-run.json", "link", "../../canary/0.txt" },
        { "work/out/.actors-run.json", "link", "../../canary/not-there" },
        { "work/out/.actors-run.json", "link", "/dev/zero" },
        { "work/out/.actors-run.json", "pipe", "" },
        { "work/out/.actors-run.json", "directory", "" },
    };

    [SkippableTheory]
    [MemberData(nameof(Refused))]
    public async Task What_leads_elsewhere_is_refused_even_when_forced(string path, string kind, string target)
    {
        SkipWhereNothingCanBePlanted();
        foreach (var force in new[] { false, true })
        {
            using var sandbox = new Sandbox("planted", [Canary, Plant(path, kind, target)]);
            var before = sandbox.Snapshot();
            var result = await RunAsync(force);
            Assert.True(result.ExitCode == 2, result.ToString());
            Assert.Contains(Path.Combine(sandbox.Root, path), result.Error);
            Assert.Equal(before, sandbox.Snapshot());
        }
    }

    [SkippableTheory]
    [InlineData("link", "../../../../canary")]
    [InlineData("link", "../../../..")]
    [InlineData("pipe", "")]
    public async Task A_directory_on_the_way_must_be_one(string kind, string target)
    {
        SkipWhereNothingCanBePlanted();
        foreach (var force in new[] { false, true })
        {
            using var sandbox = new Sandbox("planted", [Canary, Plant("work/out/sync/d/e", kind, target)]);
            var before = sandbox.Snapshot();
            var result = await RunAsync(force, "--set", "scenario.file-name=d/e/{file}.txt");
            Assert.True(result.ExitCode == 2, result.ToString());
            Assert.Contains("sync/d/e", result.Error);
            Assert.Equal(before, sandbox.Snapshot());
        }
    }

    [SkippableTheory]
    [InlineData("work/out/sync/0.txt", "hard link", "canary/0.txt", true)]
    [InlineData("work/out/.actors-run.json", "hard link", "canary/0.txt", true)]
    [InlineData("work/out/.actors-run.json.new", "hard link", "canary/0.txt", false)]
    [InlineData("work/out/.actors-run.json.new", "link", "../../canary/0.txt", false)]
    [InlineData("work/out/.actors-run.json.new", "link", "../../canary/not-there", false)]
    [InlineData("work/out/.actors-run.json.new", "pipe", "", false)]
    public async Task Other_names_of_a_file_leave_it_as_it_is(string path, string kind, string target, bool needsForce)
    {
        SkipWhereNothingCanBePlanted();
        using var sandbox = new Sandbox("planted", [Canary, Plant(path, kind, target)]);
        Assert.Equal(needsForce ? 2 : 0, (await RunAsync(force: false)).ExitCode);
        var result = await RunAsync(force: true);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("precious", await File.ReadAllTextAsync(Path.Combine(sandbox.Root, "canary/0.txt")));
        Assert.Single(Directory.GetFileSystemEntries(Path.Combine(sandbox.Root, "canary")));
        Assert.Equal(0, (await ActorsCommandLine.RunAsync("verify", "out")).ExitCode);
    }

    [SkippableFact]
    public async Task A_file_of_an_earlier_run_that_got_another_name_keeps_its_content_there()
    {
        SkipWhereNothingCanBePlanted();
        using var sandbox = new Sandbox("planted", [Canary]);
        Assert.Equal(0, (await RunAsync(force: false)).ExitCode);
        var kept = Path.Combine(sandbox.Root, "canary/kept");
        sandbox.Plant(PlantedEntry.HardLink("canary/kept", "work/out/sync/0.txt"));
        var content = await File.ReadAllTextAsync(kept);
        Assert.Equal(0, (await RunAsync(force: false, "--set", "scenario.phases.write.line=other")).ExitCode);
        Assert.Equal(content, await File.ReadAllTextAsync(kept));
    }

    [SkippableTheory]
    [InlineData("sync/0.txt", "link", "../../../canary/right.txt", "symbolic link")]
    [InlineData("sync/0.txt", "link", "1.txt", "symbolic link")]
    [InlineData("sync/0.txt", "link", "/dev/zero", "symbolic link")]
    [InlineData("sync/0.txt", "pipe", "", "pipe")]
    [InlineData("sync/0.txt", "directory", "", "directory")]
    [InlineData("sync", "link", "../../canary/sync", "symbolic link")]
    [InlineData("sync", "pipe", "", "pipe")]
    public async Task The_verifier_reads_files_only_and_follows_no_link(
        string path, string kind, string target, string said)
    {
        SkipWhereNothingCanBePlanted();
        using var sandbox = new Sandbox("planted", [Canary]);
        Assert.Equal(0, (await RunAsync(force: false)).ExitCode);

        // What the link leads to would do, if it were in its place.
        var victim = Path.Combine(sandbox.Work, "out", path);
        File.Copy(Path.Combine(sandbox.Work, "out/sync/0.txt"), Path.Combine(sandbox.Root, "canary/right.txt"));
        if (File.Exists(victim))
        {
            File.Delete(victim);
        }
        else
        {
            Directory.Move(victim, Path.Combine(sandbox.Root, "canary/sync"));
        }

        sandbox.Plant(Plant($"work/out/{path}", kind, target));
        var result = await ActorsCommandLine.RunAsync("verify", "out");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains($"is a {said}", result.Output);
    }

    private static PlantedEntry Plant(string path, string kind, string target) => kind switch
    {
        "link" => PlantedEntry.Link(path, target),
        "hard link" => PlantedEntry.HardLink(path, target),
        "pipe" => PlantedEntry.Pipe(path),
        _ => PlantedEntry.Directory(path),
    };

    private static Task<CommandResult> RunAsync(bool force, params string[] more) => ActorsCommandLine.RunAsync(
    [
        "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", "out", "--backend", "sync", "--quiet",
        "--set", "scenario.files=2", "--set", "scenario.phases.write.count=5",
        .. force ? (string[])["--force"] : [], .. more,
    ]);

    private static void SkipWhereNothingCanBePlanted() =>
        Skip.IfNot(OperatingSystem.IsLinux(), "links and pipes are planted by calls of Linux");
}
