using Actors.Engine.Drivers.Paths;
using Actors.Engine.Tests.Faults.Real;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>A name is what the kernel takes it for: it may be no text, and <c>..</c> is where a link leads.</summary>
public sealed class PathNameSpec
{
    private const string Escaped = "caf\udce9";

    [SkippableTheory]
    [InlineData("plain")]
    [InlineData("größe € 😀")]
    [InlineData(Escaped)]
    [InlineData("\udc80\udcff😀\udce9é")]
    public void What_is_said_of_a_name_can_be_said_back(string text) =>
        Assert.Equal(text, PathName.ToText(PathName.Of(text)));

    [SkippableFact]
    public void Every_name_is_said_in_its_own_way()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var name = new byte[random.Next(1, 12)];
            random.NextBytes(name);
            name = [.. name.Where(value => value != 0), (byte)'x', 0];
            Assert.Equal(name, PathName.Of(PathName.ToText(name)));
        }

        Assert.Equal("caf\udce9", PathName.ToText("caf"u8.ToArray().Append((byte)0xe9).ToArray()));
    }

    [SkippableTheory]
    [InlineData("a", ".", "a")]
    [InlineData("a/", ".", "a/")]
    [InlineData("/", "/", ".")]
    [InlineData("/a", "/", "a")]
    [InlineData("a/../b", "a/../", "b")]
    [InlineData("a//b//", "a//", "b//")]
    public void A_path_is_split_where_the_kernel_splits_it(string path, string directory, string name)
    {
        var split = PathName.Split(path);
        Assert.Equal((directory, name), (PathName.ToText(split.Directory), PathName.ToText(split.Name)));
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    [Trait("Needs", "names of any bytes")]
    public Task Files_whose_names_are_no_utf8_can_be_listed_and_used(string backend) =>
        RunAsync(backend, async (scenario, engine) =>
        {
            await MakeAsync(
                scenario.Directory,
                """
                printf one > "$(printf 'caf\351')"
                printf two > "$(printf 'caf\352')"
                mkdir "$(printf 'dir\240x')"
                printf three > "$(printf 'dir\240x/\377')"
                """);
            var names = new List<string>();
            await foreach (var entry in engine.ListAsync(scenario.Directory))
            {
                names.Add(entry.Name);
                await engine.StatAsync(entry.Path);
                Assert.True(await engine.ExistsAsync(entry.Path));
            }

            Assert.Equal(["caf\udce9", "caf\udcea", "dir\udca0x"], names.Order(StringComparer.Ordinal));
            var path = scenario.PathOf(Escaped);
            Assert.Equal("one", await engine.ReadAllTextAsync(path));
            await engine.AppendAllTextAsync(path, " more");
            await engine.ReplaceAsync(scenario.PathOf("caf\udcea"), Text.Bytes("new"));
            await using (var replacement = await engine.OpenReplacementAsync(scenario.PathOf("\udc81")))
            {
                await replacement.Writer.WriteAsync("made");
                await replacement.CommitAsync();
            }

            await engine.CopyAsync(path, scenario.PathOf("copy\udcff"));
            await engine.RenameAsync(path, scenario.PathOf("renamed\udc80"));
            await engine.SetModeAsync(scenario.PathOf("renamed\udc80"), UnixFileMode.UserRead);
            var report = await engine.CopyTreeAsync(scenario.PathOf("dir\udca0x"), scenario.PathOf("tree\udca0"));
            Assert.Equal(1, report.Files);
            Assert.Equal(
                @"caf\352=new copy\377=one more dir\240x/\377=three renamed\200=one more tree\240/\377=three \201=made",
                await SeenAsync(scenario.Directory));
            await engine.DeleteAsync(scenario.PathOf("copy\udcff"));
            var failed = await Assert.ThrowsAsync<FileEngineException>(
                () => engine.DeleteDirectoryAsync(scenario.PathOf("dir\udca0x")));
            Assert.Equal(FailureReason.NotEmpty, failed.Reason);
            await engine.DeleteDirectoryAsync(scenario.PathOf("dir\udca0x"), recursive: true);
            await engine.DeleteDirectoryAsync(scenario.PathOf("tree\udca0"), recursive: true);
            await foreach (var entry in engine.ListAsync(scenario.Directory))
            {
                await engine.DeleteAsync(entry.Path);
            }

            Assert.Equal("", await SeenAsync(scenario.Directory));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    [Trait("Needs", "links")]
    public Task Dots_behind_a_link_lead_to_where_the_kernel_says(string backend) =>
        RunAsync(backend, async (scenario, engine) =>
        {
            Directory.CreateDirectory(scenario.PathOf("dir"));
            Directory.CreateDirectory(scenario.PathOf("elsewhere/below"));
            File.CreateSymbolicLink(scenario.PathOf("dir/link"), scenario.PathOf("elsewhere/below"));
            scenario.Given("dir/x", "near");
            scenario.Given("elsewhere/x", "far");
            var x = scenario.PathOf("dir/link/../x");
            Assert.Equal("far", await engine.ReadAllTextAsync(x));
            Assert.Equal(3, (await engine.StatAsync(x)).Length);
            await engine.ReplaceAsync(x, Text.Bytes("farther"));
            Assert.Equal("farther", scenario.ContentOf("elsewhere/x"));
            await using (var replacement = await engine.OpenReplacementAsync(x))
            {
                await replacement.Writer.WriteAsync("farthest");
                await replacement.CommitAsync();
            }

            Assert.Equal("farthest", scenario.ContentOf("elsewhere/x"));
            await engine.CopyAsync(x, scenario.PathOf("dir/link/../copy"));
            Assert.Equal("farthest", scenario.ContentOf("elsewhere/copy"));
            await engine.RenameAsync(scenario.PathOf("dir/link/../copy"), scenario.PathOf("dir/link/../moved"));
            Assert.True(File.Exists(scenario.PathOf("elsewhere/moved")));
            await engine.AppendAllTextAsync(scenario.PathOf("dir/link/../new"), "new");
            Assert.Equal("new", scenario.ContentOf("elsewhere/new"));
            await engine.CreateDirectoryAsync(scenario.PathOf("dir/link/../made/deep"));
            Assert.True(Directory.Exists(scenario.PathOf("elsewhere/made/deep")));
            await engine.CopyTreeAsync(scenario.PathOf("dir/link/../made"), scenario.PathOf("dir/link/../tree"));
            Assert.True(Directory.Exists(scenario.PathOf("elsewhere/tree/deep")));
            await engine.DeleteDirectoryAsync(scenario.PathOf("dir/link/../tree"), recursive: true);
            await engine.DeleteAsync(x);
            Assert.False(File.Exists(scenario.PathOf("elsewhere/x")));
            Assert.Equal("near", scenario.ContentOf("dir/x"));
            Assert.Equal(2, Directory.GetFileSystemEntries(scenario.PathOf("dir")).Length);
        });

    /// <summary>The directory that is synced is the one that the name is in.</summary>
    [SkippableFact]
    [Trait("Needs", "links")]
    public async Task What_is_synced_is_the_directory_that_the_kernel_means()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "system calls of Linux");
        var paths = new ScriptedPaths();
        await EngineScenario.RunAsync(
            "sync",
            async scenario =>
            {
                Directory.CreateDirectory(scenario.PathOf("dir"));
                Directory.CreateDirectory(scenario.PathOf("elsewhere/below"));
                File.CreateSymbolicLink(scenario.PathOf("dir/link"), scenario.PathOf("elsewhere/below"));
                scenario.Given("elsewhere/x", "far");
                var synced = new List<string>();
                paths.Answer = call =>
                {
                    if (call == "fsync")
                    {
                        synced.AddRange(OpenDescriptors.Below(scenario.Directory));
                    }

                    return null;
                };
                await scenario.Engine.DeleteAsync(scenario.PathOf("dir/link/../x"));
                Assert.Equal([scenario.PathOf("elsewhere")], synced);
            },
            setups: paths.Setup);
    }

    [SkippableFact]
    [Trait("Needs", "names of any bytes")]
    public async Task Relative_names_are_in_the_current_directory_whatever_its_name_is()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "names of Linux");
        var directory = Directory.CreateTempSubdirectory("actors-test-").FullName;
        try
        {
            await MakeAsync(directory, """mkdir "$(printf 'at\240')" """);
            await Child.RunAsync(InCurrentDirectoryAsync, ["sh", "-c", $"cd {directory}/at* && exec \"$@\"", "sh"], []);
            Assert.Equal(@"at\240/a.txt=content", await SeenAsync(directory));
        }
        finally
        {
            await Tool.DoAsync("rm", "-r", directory);
        }
    }

    public static async Task InCurrentDirectoryAsync(string[] arguments)
    {
        await using var engine = FileEngine.Start();
        await engine.WriteAllTextAsync("a.txt", "con");
        await engine.AppendAllTextAsync("./a.txt", "tent");
        Assert.Equal("content", await engine.ReadAllTextAsync("a.txt"));
        await using var replacement = await engine.OpenReplacementAsync("a.txt");
        await replacement.Writer.WriteAsync("content");
        await replacement.CommitAsync();
    }

    [SkippableFact]
    [Trait("Needs", "links")]
    public Task What_cannot_lead_to_anything_does_not_exist() => RunAsync("sync", async (scenario, engine) =>
    {
        File.CreateSymbolicLink(scenario.PathOf("circle"), "circle");
        foreach (var path in new[]
                 {
                     "", scenario.PathOf(new string('n', 300)), scenario.PathOf("circle"), "a\0b",
                     scenario.PathOf("circle/below"), scenario.Given("a.txt") + "/below", new string('/', 5000) + "x",
                 })
        {
            Assert.False(await engine.ExistsAsync(path), path);
        }
    });

    [SkippableFact]
    public Task An_error_names_what_the_caller_named() => RunAsync("sync", async (scenario, engine) =>
    {
        var path = scenario.PathOf("missing/a.txt");
        await ExpectNamedAsync(path, () => engine.ReplaceAsync(path, Text.Bytes("x")));
        await ExpectNamedAsync(path, () => engine.OpenReplacementAsync(path));
        await ExpectNamedAsync(scenario.Given("b.txt"), () => engine.CopyAsync(scenario.PathOf("b.txt"), path));

        var directory = scenario.PathOf("directory");
        Directory.CreateDirectory(directory);
        await ExpectNamedAsync(directory, () => engine.ReplaceAsync(directory, Text.Bytes("x")));
        await using var replacement = await engine.OpenReplacementAsync(directory);
        await ExpectNamedAsync(directory, () => replacement.CommitAsync());
    });

    [SkippableFact]
    [Trait("Needs", "pipes")]
    public async Task Pipes_and_devices_are_not_replaced()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "pipes of Linux");
        await RunAsync("sync", async (scenario, engine) =>
        {
            var pipe = scenario.PathOf("pipe");
            await MakeAsync(scenario.Directory, "mkfifo pipe");
            var source = scenario.Given("a.txt", "content");
            foreach (var path in new[] { pipe, "/dev/null" })
            {
                await FileSystemSpec.ExpectAsync(
                    FailureReason.NotARegularFile, path, () => engine.ReplaceAsync(path, Text.Bytes("x")));
                await FileSystemSpec.ExpectAsync(
                    FailureReason.NotARegularFile, source, () => engine.CopyAsync(source, path, overwrite: true));
                Assert.Equal(FileKind.Other, (await engine.StatAsync(path)).Kind);
            }

            await using (var replacement = await engine.OpenReplacementAsync(pipe))
            {
                await FileSystemSpec.ExpectAsync(
                    FailureReason.NotARegularFile, pipe, () => replacement.CommitAsync());
            }

            Assert.Equal(2, Directory.GetFileSystemEntries(scenario.Directory).Length);
        });
    }

    [SkippableFact]
    public async Task Deep_trees_are_deleted_with_few_descriptors()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the runtime has its own way");
        await RunAsync("sync", async (scenario, engine) =>
        {
            const int Depth = 400;
            var path = scenario.PathOf("deep");
            for (var i = 0; i < Depth; i++)
            {
                path = Path.Join(path, "d");
            }

            await engine.CreateDirectoryAsync(path);
            for (var at = path; at.Length > scenario.PathOf("deep").Length; at = Path.GetDirectoryName(at)!)
            {
                await File.WriteAllTextAsync(Path.Join(at, "a.txt"), "content");
                await File.WriteAllTextAsync(Path.Join(at, "z.txt"), "content");
            }

            await engine.DeleteDirectoryAsync(scenario.PathOf("deep"), recursive: true);
            Assert.Empty(Directory.GetFileSystemEntries(scenario.Directory));
        });
    }

    private static async Task ExpectNamedAsync(string path, Func<Task> call)
    {
        var failed = await Assert.ThrowsAsync<FileEngineException>(call);
        Assert.Equal(path, failed.Path);
        Assert.DoesNotContain(".tmp", failed.Message, StringComparison.Ordinal);
    }

    /// <summary>By a shell, whose printf can say any byte.</summary>
    private static Task MakeAsync(string directory, string script) =>
        Tool.DoAsync("sh", "-e", "-c", $"cd {directory}\n{script}");

    /// <summary>Files and contents as another program sees them, bytes that are not ASCII in octal.</summary>
    private static async Task<string> SeenAsync(string directory)
    {
        var result = await Tool.RunAsync(
        [
            "sh", "-c",
            $"cd {directory} && LC_ALL=C find . -type f | LC_ALL=C sort | while read -r f; do "
            + "printf '%s=%s\\n' \"${f#./}\" \"$(cat \"$f\")\"; done | LC_ALL=C sed -n l",
        ]);
        Assert.True(result.ExitCode == 0, result.Output);
        return string.Join(
            ' ',
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('$')));
    }

    private static async Task RunAsync(string backend, Func<EngineScenario, FileEngine, Task> play)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "names of Linux");
        await EngineScenario.RunAsync(backend, scenario => play(scenario, scenario.Engine));
    }
}
