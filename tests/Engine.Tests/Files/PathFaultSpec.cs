using System.Runtime.Versioning;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.Paths;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>What file systems answer that is neither success nor failure of the command: a sync that they do not have, a
/// mode that they do not keep, a copy that they do not make.</summary>
public sealed class PathFaultSpec
{
    public static TheoryData<string, string> DurableCommands
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var command in new[] { "rename", "move", "delete", "replace", "commit", "copy" })
            {
                data.Add(command, nameof(Errno.EINVAL));
                data.Add(command, nameof(Errno.EOPNOTSUPP));
                data.Add(command, nameof(Errno.EIO));
                data.Add(command, nameof(Errno.EROFS));
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(DurableCommands))]
    public Task A_directory_that_cannot_be_synced_is_none_that_failed_to_be(string command, string errno) => RunAsync(
        async (scenario, engine, paths) =>
        {
            var (a, b) = (scenario.Given("a.txt", "a"), scenario.PathOf("b.txt"));
            Directory.CreateDirectory(scenario.PathOf("below"));
            var replacement = command == "commit" ? await engine.OpenReplacementAsync(b) : null;
            var error = -(int)typeof(Errno).GetField(errno)!.GetValue(null)!;
            var syncs = command is "replace" or "copy" ? 1 : 0;
            paths.Answer = call => call == "fsync" && syncs-- <= 0 ? error : null;
            async Task PerformAsync()
            {
                switch (command)
                {
                    case "rename":
                        await engine.RenameAsync(a, b);
                        break;
                    case "move":
                        await engine.RenameAsync(a, scenario.PathOf("below/b.txt"));
                        break;
                    case "delete":
                        await engine.DeleteAsync(a);
                        break;
                    case "replace":
                        await engine.ReplaceAsync(a, Text.Bytes("new"));
                        break;
                    case "commit":
                        await replacement!.Writer.WriteAsync("new");
                        await replacement.CommitAsync();
                        break;
                    default:
                        await engine.CopyAsync(a, b, durable: true);
                        break;
                }
            }

            if (errno is nameof(Errno.EIO) or nameof(Errno.EROFS))
            {
                var failed = await Assert.ThrowsAsync<FileEngineException>(PerformAsync);
                Assert.Equal((FailureReason.NotDurable, -error), (failed.Reason, failed.Errno));
                Assert.Equal(command == "commit" ? b : a, failed.Path);
            }
            else
            {
                await PerformAsync();
            }

            await (replacement?.DisposeAsync() ?? ValueTask.CompletedTask);
            var expected = command switch
            {
                "rename" => "b.txt=a",
                "move" => "b.txt=a",
                "delete" => "",
                "replace" => "a.txt=new",
                "commit" => "a.txt=a b.txt=new",
                _ => "a.txt=a b.txt=a",
            };
            Assert.Equal(expected, ContentsBelow(scenario.Directory));
        });

    /// <summary>As root everything may be read.</summary>
    [SkippableFact]
    public Task A_directory_that_must_not_be_read_can_be_changed_and_not_made_durable() => RunAsync(
        async (scenario, engine, paths) =>
        {
            var path = scenario.Given("a.txt", "a");
            var opens = 0;
            paths.Answer = call => call == "openat" && opens++ == 0 ? -Errno.EACCES : null;
            await FileSystemSpec.ExpectAsync(FailureReason.NotDurable, path, () => engine.DeleteAsync(path));
            Assert.False(File.Exists(path));
        });

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(-Errno.EINVAL)]
    [InlineData(-Errno.EXDEV)]
    public Task A_kernel_that_copies_nothing_is_no_end_of_the_file(int answer) => RunAsync(
        async (scenario, engine, paths) =>
        {
            const int Length = 20 << 20;
            var source = scenario.Given("a.bin", Text.Pattern(Length));
            paths.Answer = call => call switch
            {
                "ficlone" => -Errno.EOPNOTSUPP,
                "copy_file_range" => answer,
                _ => null,
            };
            var copied = await engine.CopyAsync(source, scenario.PathOf("b.bin"));
            Assert.Equal((Length, CopyMethod.ReadWrite), (copied.Bytes, copied.Method));
            Assert.True(Text.AreSame(
                await File.ReadAllBytesAsync(source), await File.ReadAllBytesAsync(copied.Target)));
        });

    [SkippableTheory]
    [InlineData(3_000)]
    [InlineData(700_001)]
    public Task Short_answers_are_continued(int transferMax) => RunAsync(async (scenario, engine, paths) =>
    {
        var content = Text.Pattern(2_000_000);
        var source = scenario.Given("a.bin", content);
        paths.TransferMax = transferMax;
        paths.Answer = call => call == "ficlone" ? -Errno.EOPNOTSUPP : null;
        await engine.CopyAsync(source, scenario.PathOf("b.bin"));
        Assert.True(Text.AreSame(content, await File.ReadAllBytesAsync(scenario.PathOf("b.bin"))));
        paths.Answer = call => call is "ficlone" or "copy_file_range" ? -Errno.EOPNOTSUPP : null;
        await engine.CopyAsync(source, scenario.PathOf("c.bin"));
        Assert.True(Text.AreSame(content, await File.ReadAllBytesAsync(scenario.PathOf("c.bin"))));
        await engine.ReplaceAsync(scenario.PathOf("d.bin"), content);
        Assert.True(Text.AreSame(content, await File.ReadAllBytesAsync(scenario.PathOf("d.bin"))));
    });

    [SkippableFact]
    public Task Content_that_is_there_and_cannot_be_read_fails_the_copy() => RunAsync(async (scenario, engine, paths) =>
    {
        var source = scenario.Given("a.bin", Text.Pattern(100_000));
        paths.Answer = call => call switch
        {
            "ficlone" or "copy_file_range" => -Errno.EOPNOTSUPP,
            "pread" => 0,
            _ => null,
        };
        await FileSystemSpec.ExpectAsync(
            FailureReason.IoError, source, () => engine.CopyAsync(source, scenario.PathOf("b.bin")));
        Assert.Equal([source], Directory.GetFiles(scenario.Directory));
    });

    [SkippableFact]
    public Task A_file_that_the_file_system_shares_is_as_long_as_it_has_become() => RunAsync(
        async (scenario, engine, paths) =>
        {
            var source = scenario.Given("a.txt", "content");
            paths.Answer = call =>
            {
                if (call == "ficlone")
                {
                    File.WriteAllText(
                        Directory.GetFiles(scenario.Directory).Single(path => path != source), "longer content");
                }

                return call == "ficlone" ? 0 : null;
            };
            var copied = await engine.CopyAsync(source, scenario.PathOf("b.txt"));
            Assert.Equal((14, CopyMethod.Reflink), (copied.Bytes, copied.Method));

            var shared = false;
            paths.Answer = call =>
            {
                shared |= call == "ficlone";
                return call == "ficlone" ? 0 : shared && call == "statx" ? -Errno.EIO : null;
            };
            await FileSystemSpec.ExpectAsync(
                FailureReason.IoError, source, () => engine.CopyAsync(source, scenario.PathOf("c.txt")));
            Assert.Equal("a.txt=content b.txt=longer content", ContentsBelow(scenario.Directory));
        });

    [SkippableFact]
    public Task A_file_system_that_takes_nothing_is_full() => RunAsync(async (scenario, engine, paths) =>
    {
        var source = scenario.Given("a.txt", "content");
        paths.Answer = call => call switch
        {
            "ficlone" => -Errno.EOPNOTSUPP,
            "pwrite" => 0,
            _ => null,
        };
        await FileSystemSpec.ExpectAsync(
            FailureReason.NoSpace, source, () => engine.CopyAsync(source, scenario.PathOf("b.txt")));
        Assert.Equal([source], Directory.GetFiles(scenario.Directory));
    });

    [SkippableFact]
    public Task A_copy_that_turns_out_different_is_none() => RunAsync(async (scenario, engine, paths) =>
    {
        Directory.CreateDirectory(scenario.PathOf("tree"));
        scenario.Given("tree/a.txt", "content");
        paths.Answer = call => call switch
        {
            "ficlone" => -Errno.EOPNOTSUPP,
            "pwrite" => 7, // and nothing is written
            _ => null,
        };
        await FileSystemSpec.ExpectAsync(
            FailureReason.IoError, scenario.PathOf("tree/a.txt"),
            () => engine.CopyTreeAsync(
                scenario.PathOf("tree"), scenario.PathOf("copy"), new TreeCopyOptions { Verify = true }));
        Assert.Empty(Directory.GetFiles(scenario.PathOf("copy")));
    });

    [SkippableTheory]
    [InlineData(2 << 20, 1 << 20)]
    [InlineData(600 << 10, 600 << 10)]
    [Trait("Needs", "holes")]
    public Task A_file_with_holes_that_changes_its_length_is_copied_as_far_as_it_was_and_still_is(
        int changed, int expected) => RunAsync(async (scenario, engine, paths) =>
        {
            var source = scenario.Given("a.bin", "at the start");
            using var file = File.OpenHandle(source, access: FileAccess.Write, share: FileShare.ReadWrite);
            RandomAccess.SetLength(file, 1 << 20);
            paths.Answer = call =>
            {
                if (call == "lseek")
                {
                    RandomAccess.SetLength(file, changed);
                }

                return call == "ficlone" ? -Errno.EOPNOTSUPP : null;
            };
            var copied = await engine.CopyAsync(source, scenario.PathOf("b.bin"));
            Assert.Equal((expected, expected), (copied.Bytes, new FileInfo(copied.Target).Length));
            Assert.True(Text.AreSame(
                File.ReadAllBytes(source)[..expected], await File.ReadAllBytesAsync(copied.Target)));
        });

    [SkippableFact]
    public Task Only_what_may_take_minutes_has_a_thread_of_its_own() => RunAsync(async (scenario, engine, paths) =>
    {
        var path = scenario.Given("a.txt", "content");
        var tree = Directory.CreateDirectory(scenario.PathOf("tree")).FullName;
        scenario.Given("tree/b.txt", "content");
        var pooled = 0;
        var calls = 0;
        paths.Answer = _ =>
        {
            Interlocked.Increment(ref calls);
            Interlocked.Add(ref pooled, Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
            return null;
        };
        await engine.DeleteAsync(path);
        Assert.NotEqual(0, calls);
        Assert.Equal(calls, pooled);
        pooled = 0;
        await engine.CopyTreeAsync(tree, scenario.PathOf("copy"));
        await engine.DeleteDirectoryAsync(tree, recursive: true);
        Assert.Equal(0, pooled);
    });

    [SkippableTheory]
    [InlineData("copy_file_range", FileCopy.ChunkSize)]
    [InlineData("pread", FileCopy.BufferSize)]
    [SupportedOSPlatform("linux")]
    public void A_copy_ends_between_two_pieces_when_it_is_cancelled(string call, int piece)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "system calls of Linux");
        using var cancellation = new CancellationTokenSource();
        var pieces = 0;
        var paths = new ScriptedPaths
        {
            Answer = made =>
            {
                if (made == call)
                {
                    pieces++;
                    cancellation.Cancel();
                }

                return made == call || made == "pwrite" ? piece : -Errno.EOPNOTSUPP;
            },
        };
        var copy = new FileCopy(paths, null, cancellation.Token);
        Assert.Throws<OperationCanceledException>(
            () => copy.Copy(1, 2, new Statx { Size = 3 * FileCopy.ChunkSize, Blocks = 6 * FileCopy.ChunkSize / 512 }));
        Assert.Equal((1, piece), (pieces, copy.Length));
    }

    [SkippableFact]
    [SupportedOSPlatform("linux")]
    public Task A_comparison_ends_between_two_pieces_when_it_is_cancelled() => RunAsync((scenario, _, paths) =>
    {
        using var file = File.OpenHandle(scenario.Given("a.bin", Text.Pattern(2 * FileCopy.BufferSize)));
        using var cancellation = new CancellationTokenSource();
        var reads = 0;
        paths.Answer = _ =>
        {
            reads++;
            cancellation.Cancel();
            return null;
        };
        var descriptor = (int)file.DangerousGetHandle();
        var copy = new FileCopy(paths, null, cancellation.Token);
        Assert.Throws<OperationCanceledException>(() => copy.Compare(descriptor, descriptor));
        Assert.Equal(2, reads);

        // Nor is anything begun.
        Assert.Throws<OperationCanceledException>(() => copy.Copy(descriptor, descriptor, new Statx { Size = 1 }));
        Assert.Equal(2, reads);
        paths.Answer = _ => null;
        return Task.CompletedTask;
    });

    [SkippableTheory]
    [InlineData(-Errno.EPERM)]
    [InlineData(-Errno.EOPNOTSUPP)]
    [Trait("Needs", "links")]
    public Task Modes_and_times_that_are_refused_fail_no_copy_and_no_replacement(int answer) => RunAsync(
        async (scenario, engine, paths) =>
        {
            var tree = scenario.PathOf("tree");
            Directory.CreateDirectory(tree);
            var source = scenario.Given("tree/a.txt", "content");
            File.CreateSymbolicLink(scenario.PathOf("tree/link"), "a.txt");
            await engine.SetModeAsync(source, (UnixFileMode)0x1b6); // 0666, of which umask takes a part
            paths.Answer = call => call is "fchmod" or "fchmodat" or "futimens" or "utimensat" ? answer : null;
            await engine.CopyAsync(source, scenario.PathOf("b.txt"));
            Assert.Equal("content", scenario.ContentOf("b.txt"));
            var report = await engine.CopyTreeAsync(
                tree, scenario.PathOf("copy"), new TreeCopyOptions { PreserveTimes = true });
            Assert.Equal((1L, 1L, 0L), (report.Files, report.SymbolicLinks, report.FailedCount));
            Assert.Equal("content", scenario.ContentOf("copy/a.txt"));
            await engine.ReplaceAsync(source, Text.Bytes("new"));
            await using (var replacement = await engine.OpenReplacementAsync(source))
            {
                await replacement.Writer.WriteAsync("newer");
                await replacement.CommitAsync();
            }

            Assert.Equal("newer", scenario.ContentOf("tree/a.txt"));
            var asked = await Assert.ThrowsAsync<FileEngineException>(
                () => engine.SetModeAsync(source, UnixFileMode.UserRead));
            Assert.Equal(-answer, asked.Errno);
        });

    [SkippableTheory]
    [InlineData("close", Errno.ENOSPC, FailureReason.NoSpace)]
    [InlineData("close", Errno.EIO, FailureReason.IoError)]
    public Task A_server_that_says_at_the_close_that_it_has_no_room_fails_the_copy(
        string call, int errno, FailureReason reason) => RunAsync(async (scenario, engine, paths) =>
        {
            var source = scenario.Given("a.txt", "content");
            paths.Answer = made => made == call ? -errno : null;
            await FileSystemSpec.ExpectAsync(
                reason, source, () => engine.CopyAsync(source, scenario.PathOf("b.txt")));
            Assert.Equal([source], Directory.GetFiles(scenario.Directory));
        });

    [SkippableFact]
    public Task A_file_system_without_rename_noreplace_replaces_nothing_either() => RunAsync(
        async (scenario, engine, paths) =>
        {
            var (a, b) = (scenario.Given("a.txt", "a"), scenario.Given("b.txt", "b"));
            paths.Answer = WithoutNoReplace();
            await FileSystemSpec.ExpectAsync(FailureReason.AlreadyExists, a, () => engine.RenameAsync(a, b));
            paths.Answer = WithoutNoReplace(-Errno.EIO);
            await FileSystemSpec.ExpectAsync(FailureReason.IoError, a, () => engine.RenameAsync(a, b));
            Assert.Equal("a.txt=a b.txt=b", ContentsBelow(scenario.Directory));
            paths.Answer = WithoutNoReplace();
            await engine.RenameAsync(a, scenario.PathOf("c.txt"));
            Assert.Equal("b.txt=b c.txt=a", ContentsBelow(scenario.Directory));
        });

    private static Func<string, long?> WithoutNoReplace(long? stat = null)
    {
        var renames = 0;
        return call => call == "renameat2" && renames++ == 0 ? -Errno.EINVAL : call == "statx" ? stat : null;
    }

    private static string ContentsBelow(string directory) => string.Join(
        ' ',
        Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetFileName(file)}={File.ReadAllText(file)}"));

    private static async Task RunAsync(Func<EngineScenario, FileEngine, ScriptedPaths, Task> play)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "system calls of Linux");
        var paths = new ScriptedPaths();
        await EngineScenario.RunAsync(
            "sync", scenario => play(scenario, scenario.Engine, paths), setups: paths.Setup);
    }
}
