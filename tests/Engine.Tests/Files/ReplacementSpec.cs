using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>New content takes a file's place all at once, or not at all; what is temporary goes away.</summary>
public sealed class ReplacementSpec
{
    private const UnixFileMode Everybody = (UnixFileMode)0x1b6; // 0666, of which umask takes a part

    [SkippableFact]
    public Task A_reader_sees_the_old_content_or_the_new_and_never_a_mixture() => RunAsync(async (scenario, engine) =>
    {
        FileSystemOf.SkipIfFuse(scenario.Directory, "A rename over a file is not atomic on every FUSE file system.");
        const int Length = 100_000;
        var path = scenario.Given("a.bin", new byte[Length]);
        var done = false;
        var reader = Task.Run(() =>
        {
            var seen = 0;
            while (!Volatile.Read(ref done))
            {
                var content = File.ReadAllBytes(path);
                Assert.Equal(Length, content.Length);
                Assert.Equal(-1, content.AsSpan().IndexOfAnyExcept(content[0]));
                seen++;
            }

            return seen;
        });
        for (var i = 1; i <= 30; i++)
        {
            var content = new byte[Length];
            content.AsSpan().Fill((byte)i);
            if (i % 2 == 0)
            {
                await engine.ReplaceAsync(path, content);
                continue;
            }

            await using var replacement = await engine.OpenReplacementAsync(path);
            await replacement.Writer.WriteAsync(content.AsMemory(0, Length / 2));
            await replacement.Writer.FlushAsync();
            await replacement.Writer.WriteAsync(content.AsMemory(Length / 2));
            await replacement.CommitAsync();
        }

        Volatile.Write(ref done, true);
        Assert.True(await reader > 0);
        Assert.Equal(30, (await File.ReadAllBytesAsync(path))[0]);
        Assert.Equal([path], Directory.GetFiles(scenario.Directory));
    });

    [Fact]
    public Task A_replacement_without_commit_leaves_the_file_and_nothing_else() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", "old");
        await using (var replacement = await engine.OpenReplacementAsync(path))
        {
            await replacement.Writer.WriteLineAsync("new");
            await replacement.Writer.FlushAsync();
            Assert.Equal(2, Directory.GetFiles(scenario.Directory).Length);
        }

        Assert.Equal("old", scenario.ContentOf("a.txt"));
        Assert.Equal([path], Directory.GetFiles(scenario.Directory));
    });

    [Fact]
    public Task A_replacement_is_committed_once() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.PathOf("created.txt");
        var replacement = await engine.OpenReplacementAsync(path);
        await replacement.Writer.WriteAsync("new");
        await replacement.CommitAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => replacement.CommitAsync());
        await replacement.DisposeAsync();
        Assert.Equal("new", scenario.ContentOf("created.txt"));

        var dropped = await engine.OpenReplacementAsync(path);
        await dropped.DisposeAsync();
        await dropped.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => dropped.CommitAsync());
        Assert.Equal("new", scenario.ContentOf("created.txt"));
    });

    [SkippableFact]
    [Trait("Needs", "permissions")]
    public Task Permission_bits_stay_also_those_that_umask_would_take()
    {
        Skip.If(OperatingSystem.IsWindows(), "there are no permission bits");
        return RunAsync(async (scenario, engine) =>
        {
            var path = scenario.Given("a.txt", "old");
            await engine.SetModeAsync(path, Everybody);
            await engine.ReplaceAsync(path, Text.Bytes("new"));
            Assert.Equal(Everybody, (await engine.StatAsync(path)).Mode);
            await using var replacement = await engine.OpenReplacementAsync(path);
            await replacement.CommitAsync();
            Assert.Equal((Everybody, 0L), ((await engine.StatAsync(path)).Mode, (await engine.StatAsync(path)).Length));
        });
    }

    [Fact]
    public Task A_replacement_that_cannot_be_made_says_why() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.PathOf("no/such/directory.txt");
        await FileSystemSpec.ExpectAsync(
            FailureReason.NotFound, path, () => engine.ReplaceAsync(path, Text.Bytes("x")));
        await Assert.ThrowsAsync<FileEngineException>(() => engine.OpenReplacementAsync(path));

        Directory.CreateDirectory(scenario.PathOf("directory"));
        await using (var replacement = await engine.OpenReplacementAsync(scenario.PathOf("directory")))
        {
            await Assert.ThrowsAsync<FileEngineException>(() => replacement.CommitAsync());
        }

        Assert.Empty(Directory.GetFiles(scenario.Directory));
    });

    [Fact]
    public Task A_long_name_can_be_replaced() => RunAsync(async (scenario, engine) =>
    {
        var name = new string('n', 250);
        await engine.ReplaceAsync(scenario.PathOf(name), Text.Bytes("content"));
        Assert.Equal("content", scenario.ContentOf(name));
    });

    [Fact]
    [Trait("Needs", "permissions")]
    public Task What_is_temporary_is_deleted() => RunAsync(async (scenario, engine) =>
    {
        await using (var file = await engine.CreateTemporaryFileAsync(scenario.Directory, "mine"))
        {
            Assert.StartsWith(scenario.PathOf("mine."), file.Path, StringComparison.Ordinal);
            await file.File.WriteAsync(0, Text.Bytes("content"));
            var read = new byte[7];
            Assert.Equal(7, await file.File.ReadAsync(0, read));
            Assert.Equal("content", Text.Of(read));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
            }
        }

        await using (var directory = await engine.CreateTemporaryDirectoryAsync(scenario.Directory))
        {
            await File.WriteAllTextAsync(Path.Join(directory.Path, "a.txt"), "content");
            Directory.CreateDirectory(Path.Join(directory.Path, "b/c"));
        }

        Assert.Empty(Directory.GetFileSystemEntries(scenario.Directory));
        var gone = await engine.CreateTemporaryFileAsync(scenario.Directory);
        File.Delete(gone.Path);
        await gone.DisposeAsync();
        await gone.DisposeAsync();
    });

    [Fact]
    public Task What_is_temporary_is_deleted_after_the_engine_has_stopped() => RunAsync(async (scenario, engine) =>
    {
        var file = await engine.CreateTemporaryFileAsync(scenario.Directory);
        var directory = await engine.CreateTemporaryDirectoryAsync(scenario.Directory);
        var replacement = await engine.OpenReplacementAsync(scenario.PathOf("a.txt"));
        await scenario.StopAsync();
        await file.DisposeAsync();
        await directory.DisposeAsync();
        await replacement.DisposeAsync();
        Assert.Empty(Directory.GetFileSystemEntries(scenario.Directory));
    });

    [SkippableFact]
    public async Task After_a_stop_nobody_waits_for_a_disk_that_stands_still()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "system calls of Linux");
        using var letGo = new ManualResetEventSlim();
        var paths = new ScriptedPaths();
        await EngineScenario.RunAsync(
            "sync",
            async scenario =>
            {
                var engine = scenario.Engine;
                var replacement = await engine.OpenReplacementAsync(scenario.PathOf("a.txt"));
                await scenario.StopAsync();
                paths.Answer = call =>
                {
                    if (call == "unlinkat")
                    {
                        letGo.Wait();
                    }

                    return null;
                };

                // On a thread of its own, which may be kept.
                var disposing = Task.Run(() => replacement.DisposeAsync().AsTask());
                var failure = await Assert.ThrowsAsync<FileEngineException>(
                    () => disposing.WaitAsync(EngineScenario.Patience));
                Assert.Equal((FailureReason.Closing, true), (failure.Reason, failure.IsUnfinished));
                letGo.Set();
                await scenario.UntilAsync(
                    () => Directory.GetFileSystemEntries(scenario.Directory).Length == 0, "the temporary file gone");
            },
            "actors.engine.coordinator.drain-timeout = 100ms",
            paths.Setup);
    }

    private static Task RunAsync(Func<EngineScenario, FileEngine, Task> play) =>
        EngineScenario.RunAsync("sync", scenario => play(scenario, scenario.Engine));
}
