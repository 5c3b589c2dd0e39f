using System.Diagnostics;
using Actors.Engine.Drivers.Paths.Trees;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>The copy of a tree: everything in it, nothing outside of it, and a report of what could not be
/// copied.</summary>
public sealed class TreeCopySpec
{
    private static readonly bool IsRoot = Environment.UserName == "root";

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(8, true)]
    public Task A_copy_has_every_file_and_directory(int parallelism, bool verify) => RunAsync(async scenario =>
    {
        var files = GivenTree(scenario, directories: 40, files: 50);
        Directory.CreateDirectory(scenario.PathOf("source/empty"));
        scenario.Given("source/large.bin", Text.Pattern(20_000_000));
        var report = await scenario.Engine.CopyTreeAsync(
            scenario.PathOf("source"), scenario.PathOf("target"),
            new TreeCopyOptions { Parallelism = parallelism, Verify = verify, Durable = true });
        Assert.Equal(
            (files + 1, 42, 0, 0), (report.Files, report.Directories, report.SkippedCount, report.FailedCount));
        AssertSame(scenario);
        Assert.Equal(
            Directory.GetFiles(scenario.PathOf("source"), "*", SearchOption.AllDirectories)
                .Sum(file => new FileInfo(file).Length),
            report.Bytes);
    });

    [Fact]
    public Task More_entries_than_the_queue_takes_are_copied_all_the_same() => RunAsync(async scenario =>
    {
        for (var i = 0; i < 5000; i++)
        {
            Directory.CreateDirectory(scenario.PathOf($"source/{i}/below"));
        }

        GivenTree(scenario, 1, 5000);
        var report = await CopyAsync(scenario, new TreeCopyOptions { Parallelism = 2 });
        Assert.Equal((5000, 10_001), (report.Files, report.Directories));
        AssertSame(scenario);
    });

    [Fact]
    public Task Deep_directories_are_copied() => RunAsync(async scenario =>
    {
        var path = "source";
        for (var i = 0; i < 100; i++)
        {
            path += "/deeper-and-deeper";
            Directory.CreateDirectory(scenario.PathOf(path));
            scenario.Given($"{path}/file", $"{i}");
        }

        Assert.Equal(100, (await CopyAsync(scenario)).Files);
        AssertSame(scenario);
    });

    [SkippableFact]
    [Trait("Needs", "links")]
    public Task Links_are_copied_as_links_and_nothing_is_written_through_them()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        return RunAsync(async scenario =>
        {
            var outside = scenario.PathOf("outside");
            Directory.CreateDirectory(outside);
            var victim = scenario.Given("victim.txt", "untouched");
            GivenTree(scenario, 1, 1);
            File.CreateSymbolicLink(scenario.PathOf("source/up"), "../outside");
            File.CreateSymbolicLink(scenario.PathOf("source/dangling"), "nothing");
            scenario.Given("source/through.txt", "would go through");
            Directory.CreateDirectory(scenario.PathOf("source/directory"));
            scenario.Given("source/directory/a.txt", "would go outside");

            // In the way: links where a file and a directory are to go.
            Directory.CreateDirectory(scenario.PathOf("target"));
            File.CreateSymbolicLink(scenario.PathOf("target/through.txt"), victim);
            File.CreateSymbolicLink(scenario.PathOf("target/directory"), outside);
            var report = await CopyAsync(scenario, new TreeCopyOptions { Overwrite = true, ContinueOnError = true });
            Assert.Equal((2, 2), (report.Files, report.SymbolicLinks));
            Assert.Equal("../outside", new FileInfo(scenario.PathOf("target/up")).LinkTarget);
            Assert.Equal("nothing", new FileInfo(scenario.PathOf("target/dangling")).LinkTarget);
            Assert.Equal("untouched", scenario.ContentOf("victim.txt"));
            Assert.Equal("would go through", scenario.ContentOf("target/through.txt"));
            Assert.Null(new FileInfo(scenario.PathOf("target/through.txt")).LinkTarget);
            Assert.Empty(Directory.GetFileSystemEntries(outside));
            var failed = Assert.Single(report.Failed);
            Assert.Equal(
                (scenario.PathOf("source/directory"), FailureReason.AlreadyExists), (failed.Path, failed.Reason));
        });
    }

    [SkippableFact]
    [Trait("Needs", "links")]
    public Task Links_are_followed_when_told_to_and_never_in_circles()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        return RunAsync(async scenario =>
        {
            Directory.CreateDirectory(scenario.PathOf("elsewhere"));
            scenario.Given("elsewhere/a.txt", "followed");
            Directory.CreateDirectory(scenario.PathOf("source/below"));
            File.CreateSymbolicLink(scenario.PathOf("source/directory"), "../elsewhere");
            File.CreateSymbolicLink(scenario.PathOf("source/file.txt"), "../elsewhere/a.txt");
            File.CreateSymbolicLink(scenario.PathOf("source/below/circle"), "..");
            File.CreateSymbolicLink(scenario.PathOf("source/dangling"), "nothing");
            var report = await CopyAsync(scenario, new TreeCopyOptions { FollowSymbolicLinks = true });
            Assert.Equal((2, 3, 0), (report.Files, report.Directories, report.SymbolicLinks));
            Assert.Equal("followed", scenario.ContentOf("target/directory/a.txt"));
            Assert.Equal("followed", scenario.ContentOf("target/file.txt"));
            Assert.Equal(
                [scenario.PathOf("source/below/circle"), scenario.PathOf("source/dangling")],
                report.Skipped.Select(skipped => skipped.Path).Order());
        });
    }

    [SkippableFact]
    [Trait("Needs", "pipes")]
    public Task Pipes_are_skipped_and_reported()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "named pipes are made by mkfifo");
        return RunAsync(async scenario =>
        {
            var files = GivenTree(scenario, 1, 3);
            using (var mkfifo = Process.Start("mkfifo", scenario.PathOf("source/pipe")))
            {
                await mkfifo.WaitForExitAsync();
            }

            var report = await CopyAsync(scenario);
            Assert.Equal((files, 1), (report.Files, report.SkippedCount));
            Assert.Equal(
                (scenario.PathOf("source/pipe"), FailureReason.NotARegularFile),
                (report.Skipped[0].Path, report.Skipped[0].Reason));
            Assert.False(File.Exists(scenario.PathOf("target/pipe")));
        });
    }

    [Fact]
    public Task The_first_error_ends_it_unless_told_to_go_on() => RunAsync(async scenario =>
    {
        var files = GivenTree(scenario, 4, 10);
        Directory.CreateDirectory(scenario.PathOf("target/0"));
        scenario.Given("target/0/0.txt", "in the way");
        scenario.Given("target/1", "a file where a directory is to go");
        var first = await Assert.ThrowsAsync<FileEngineException>(() => CopyAsync(scenario));
        Assert.Equal(FailureReason.AlreadyExists, first.Reason);
        Assert.Contains(first.Path, new[] { scenario.PathOf("source/0/0.txt"), scenario.PathOf("source/1") });

        Directory.Delete(scenario.PathOf("target"), true);
        Directory.CreateDirectory(scenario.PathOf("target/0"));
        scenario.Given("target/0/0.txt", "in the way");
        scenario.Given("target/1", "a file where a directory is to go");
        var report = await CopyAsync(scenario, new TreeCopyOptions { ContinueOnError = true });
        Assert.Equal((files - 11, 2), (report.Files, report.FailedCount));
        Assert.Equal("in the way", scenario.ContentOf("target/0/0.txt"));
        Assert.Equal(
            [scenario.PathOf("source/0/0.txt"), scenario.PathOf("source/1")],
            report.Failed.Select(failed => failed.Path).Order());

        File.Delete(scenario.PathOf("target/1"));
        report = await CopyAsync(scenario, new TreeCopyOptions { Overwrite = true });
        Assert.Equal(files, report.Files);
        AssertSame(scenario);
    });

    [SkippableFact]
    public Task What_must_not_be_read_is_reported()
    {
        Skip.If(OperatingSystem.IsWindows() || IsRoot, "permissions do not bind this user");
        return RunAsync(async scenario =>
        {
            GivenTree(scenario, 2, 2);
            await scenario.Engine.SetModeAsync(scenario.PathOf("source/0"), UnixFileMode.None);
            await scenario.Engine.SetModeAsync(scenario.PathOf("source/1/0.txt"), UnixFileMode.None);
            var report = await CopyAsync(scenario, new TreeCopyOptions { ContinueOnError = true });
            Assert.Equal(
                [scenario.PathOf("source/0"), scenario.PathOf("source/1/0.txt")],
                report.Failed.Select(failed => failed.Path).Order());
            Assert.All(report.Failed, failed => Assert.Equal(FailureReason.AccessDenied, failed.Reason));
            await scenario.Engine.SetModeAsync(scenario.PathOf("source/0"), (UnixFileMode)0x1ff);
        });
    }

    [SkippableFact]
    [Trait("Needs", "permissions")]
    public Task Modes_and_times_are_those_of_the_originals_when_told_to()
    {
        Skip.If(OperatingSystem.IsWindows(), "there are no permission bits");
        return RunAsync(async scenario =>
        {
            var time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
            var names = new[] { "0/0.txt", "0/1.txt", "0", "" };
            var modes = new[] { 0x1b6, 0x124, 0x1ed, 0x1ff }; // 0666, 0444, 0755, 0777
            GivenTree(scenario, 1, 2);
            for (var i = 0; i < names.Length; i++)
            {
                var path = scenario.PathOf($"source/{names[i]}");
                await scenario.Engine.SetModeAsync(path, (UnixFileMode)modes[i]);
                Directory.SetLastWriteTimeUtc(path, time);
            }

            await CopyAsync(scenario, new TreeCopyOptions { PreserveTimes = true });
            for (var i = 0; i < names.Length; i++)
            {
                var status = await scenario.Engine.StatAsync(scenario.PathOf($"target/{names[i]}"));
                Assert.Equal(((UnixFileMode)modes[i], time), (status.Mode, status.LastWriteTimeUtc));
            }
        });
    }

    [Fact]
    public Task A_tree_is_not_copied_into_itself() => RunAsync(async scenario =>
    {
        GivenTree(scenario, 2, 2);
        var source = scenario.PathOf("source");
        foreach (var target in new[] { source, scenario.PathOf("source/0/copy"), scenario.PathOf("source/copy") })
        {
            await FileSystemSpec.ExpectAsync(
                FailureReason.InvalidArgument, source, () => scenario.Engine.CopyTreeAsync(source, target));
            Assert.False(Directory.Exists(scenario.PathOf("source/copy")));
        }

        var missing = scenario.PathOf("missing");
        await FileSystemSpec.ExpectAsync(
            FailureReason.NotFound, missing, () => scenario.Engine.CopyTreeAsync(missing, scenario.PathOf("target")));
        await FileSystemSpec.ExpectAsync(
            FailureReason.InvalidArgument, source,
            () => CopyAsync(scenario, new TreeCopyOptions { Parallelism = 0 }));
    });

    [Fact]
    public Task A_cancelled_copy_leaves_only_whole_files() => RunAsync(async scenario =>
    {
        Directory.CreateDirectory(scenario.PathOf("source"));
        var content = Text.Pattern(40_000_000);
        scenario.Given("source/large-1.bin", content);
        scenario.Given("source/large-2.bin", content);
        using var cancellation = new CancellationTokenSource();
        var progress = new Told(progress =>
        {
            if (progress.Bytes > 0)
            {
                cancellation.Cancel();
            }
        });
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => scenario.Engine.CopyTreeAsync(
                scenario.PathOf("source"), scenario.PathOf("target"), new TreeCopyOptions { Parallelism = 1 }, progress,
                cancellation.Token));
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.All(
            Directory.GetFiles(scenario.PathOf("target")),
            file => Assert.True(Text.AreSame(content, File.ReadAllBytes(file))));
        if (OperatingSystem.IsLinux() && !FileSystemOf.HasReflinks(scenario.Directory))
        {
            Assert.Empty(Directory.GetFiles(scenario.PathOf("target")));
        }
    });

    [Fact]
    public Task Progress_ends_with_what_the_report_says() => RunAsync(async scenario =>
    {
        GivenTree(scenario, 10, 100);
        var last = default(TreeCopyProgress);
        var report = await scenario.Engine.CopyTreeAsync(
            scenario.PathOf("source"), scenario.PathOf("target"), null, new Told(told =>
            {
                Assert.True(told.Files >= last.Files && told.Bytes >= last.Bytes);
                last = told;
            }));
        Assert.Equal(new TreeCopyProgress(report.Files, report.Directories, report.Bytes), last);
    });

    [SkippableFact]
    [Trait("Needs", "links")]
    public Task The_portable_copy_does_the_same()
    {
        Skip.If(OperatingSystem.IsWindows());
        return RunAsync(scenario =>
        {
            var files = GivenTree(scenario, 5, 20);
            File.CreateSymbolicLink(scenario.PathOf("source/link"), "0/0.txt");
            var copy = new CopyTree(
                scenario.PathOf("source"), scenario.PathOf("target"), new TreeCopyOptions { Verify = true });
            var report = new PortableTreeCopy(copy).Run();
            Assert.Equal((files, 6, 1), (report.Files, report.Directories, report.SymbolicLinks));
            AssertSame(scenario);

            copy = copy with { Options = new TreeCopyOptions { ContinueOnError = true } };
            Assert.Equal(files + 1, new PortableTreeCopy(copy).Run().FailedCount);
            copy = copy with { Options = new TreeCopyOptions { Overwrite = true, FollowSymbolicLinks = true } };
            Assert.Equal(files + 1, new PortableTreeCopy(copy).Run().Files);
            return Task.CompletedTask;
        });
    }

    private static Task RunAsync(Func<EngineScenario, Task> play) => EngineScenario.RunAsync("sync", play);

    private static Task<TreeCopyReport> CopyAsync(EngineScenario scenario, TreeCopyOptions? options = null) =>
        scenario.Engine.CopyTreeAsync(scenario.PathOf("source"), scenario.PathOf("target"), options);

    /// <summary>Makes directories of files below "source"; the number of files.</summary>
    private static int GivenTree(EngineScenario scenario, int directories, int files)
    {
        for (var d = 0; d < directories; d++)
        {
            Directory.CreateDirectory(scenario.PathOf($"source/{d}"));
            for (var f = 0; f < files; f++)
            {
                scenario.Given($"source/{d}/{f}.txt", Text.Pattern((f * 37) % 5000, d));
            }
        }

        return directories * files;
    }

    private static void AssertSame(EngineScenario scenario)
    {
        var source = scenario.PathOf("source");
        var target = scenario.PathOf("target");
        var entries = Directory.GetFileSystemEntries(source, "*", SearchOption.AllDirectories);
        Assert.Equal(
            entries.Select(path => Path.GetRelativePath(source, path)).Order(),
            Directory.GetFileSystemEntries(target, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(target, path)).Order());
        foreach (var path in entries.Where(File.Exists))
        {
            var copy = File.ReadAllBytes(Path.Join(target, Path.GetRelativePath(source, path)));
            Assert.True(Text.AreSame(copy, File.ReadAllBytes(path)), path);
        }
    }

    private sealed class Told(Action<TreeCopyProgress> tell) : IProgress<TreeCopyProgress>
    {
        public void Report(TreeCopyProgress value) => tell(value);
    }
}
