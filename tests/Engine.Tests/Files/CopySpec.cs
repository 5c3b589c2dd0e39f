using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>The copy of a file: its content, by whatever way there is; whole or not at all.</summary>
public sealed class CopySpec
{
    private const int Buffer = 128 << 10; // what is copied in one go
    private const int Chunk = 8 << 20; // and between two looks at whether to go on

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Buffer)]
    [InlineData(Buffer + 1)]
    [InlineData((3 * Chunk) + 5)]
    public Task A_copy_has_the_content_of_its_source(int length) => RunAsync(async (scenario, engine) =>
    {
        var content = Text.Pattern(length);
        var source = scenario.Given("a.bin", content);
        var target = scenario.PathOf("b.bin");
        var copied = await engine.CopyAsync(source, target, durable: true);
        Assert.Equal((length, source, target), (copied.Bytes, copied.Path, copied.Target));
        Assert.True(Text.AreSame(content, await File.ReadAllBytesAsync(target)));
        Assert.Equal(2, Directory.GetFiles(scenario.Directory).Length);
    });

    [SkippableFact]
    public async Task Between_file_systems_and_from_files_without_length_it_is_read_and_written()
    {
        Skip.IfNot(Directory.Exists("/dev/shm") && File.Exists("/proc/self/status"), "needs other file systems");
        await RunAsync(async (scenario, engine) =>
        {
            await using var elsewhere = await engine.CreateTemporaryDirectoryAsync("/dev/shm");
            var content = Text.Pattern(1_000_000);
            var copied = await engine.CopyAsync(
                scenario.Given("a.bin", content), Path.Join(elsewhere.Path, "b.bin"));
            Assert.NotEqual(CopyMethod.Reflink, copied.Method);
            Assert.Equal(content, await File.ReadAllBytesAsync(copied.Target));

            copied = await engine.CopyAsync("/proc/filesystems", scenario.PathOf("filesystems"));
            Assert.Equal(CopyMethod.ReadWrite, copied.Method);
            Assert.Equal(await File.ReadAllTextAsync("/proc/filesystems"), scenario.ContentOf("filesystems"));
        });
    }

    [SkippableFact]
    public async Task Holes_stay_holes()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the runtime's copy has its own way");
        await RunAsync(async (scenario, engine) =>
        {
            const int Length = 64 << 20;
            var source = scenario.Given("a.bin");
            using (var file = File.OpenHandle(source, access: FileAccess.Write))
            {
                RandomAccess.Write(file, Text.Bytes("in the middle"), Length / 2);
                RandomAccess.SetLength(file, Length);
            }

            var copied = await engine.CopyAsync(source, scenario.PathOf("b.bin"));
            Assert.Equal(Length, new FileInfo(copied.Target).Length);
            Assert.InRange(copied.Bytes, 13, Length);
            Assert.True(Text.AreSame(
                await File.ReadAllBytesAsync(source), await File.ReadAllBytesAsync(copied.Target)));
        });
    }

    [SkippableFact]
    [Trait("Needs", "permissions")]
    public async Task It_keeps_permission_bits_and_replaces_only_when_told_to()
    {
        Skip.If(OperatingSystem.IsWindows(), "there are no permission bits");
        await RunAsync(async (scenario, engine) =>
        {
            const UnixFileMode Mode = (UnixFileMode)0x1b6; // 0666
            var source = scenario.Given("a.txt", "new");
            var target = scenario.Given("b.txt", "old");
            await engine.SetModeAsync(source, Mode);
            await FileSystemSpec.ExpectAsync(
                FailureReason.AlreadyExists, source, () => engine.CopyAsync(source, target));
            Assert.Equal("old", scenario.ContentOf("b.txt"));
            await engine.CopyAsync(source, target, overwrite: true);
            Assert.Equal("new", scenario.ContentOf("b.txt"));
            Assert.Equal(Mode, (await engine.StatAsync(target)).Mode);

            await engine.CopyAsync(source, source, overwrite: true);
            Assert.Equal("new", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public Task What_cannot_be_copied_says_why_and_leaves_nothing() => RunAsync(async (scenario, engine) =>
    {
        var missing = scenario.PathOf("missing");
        var target = scenario.PathOf("target");
        await FileSystemSpec.ExpectAsync(FailureReason.NotFound, missing, () => engine.CopyAsync(missing, target));
        var source = scenario.Given("a.txt", "content");
        var nowhere = scenario.PathOf("no/such/directory");
        await FileSystemSpec.ExpectAsync(FailureReason.NotFound, source, () => engine.CopyAsync(source, nowhere));
        var directory = scenario.Directory;
        await FileSystemSpec.ExpectAsync(
            OperatingSystem.IsLinux() ? FailureReason.NotARegularFile : FailureReason.AccessDenied, directory,
            () => engine.CopyAsync(directory, target));
        Assert.Equal([source], Directory.GetFileSystemEntries(scenario.Directory));
    });

    [SkippableFact]
    public async Task A_cancelled_copy_leaves_no_part_of_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the runtime's copy cannot be cancelled");
        await RunAsync(async (scenario, engine) =>
        {
            var source = scenario.Given("a.bin", new byte[200 << 20]);
            using var cancellation = new CancellationTokenSource();
            var copy = engine.CopyAsync(source, scenario.PathOf("b.bin"), cancellationToken: cancellation.Token);
            await scenario.UntilAsync(() => Directory.GetFiles(scenario.Directory).Length == 2, "the copy begun");
            await cancellation.CancelAsync();
            try
            {
                // A machine that is faster than this test has made it by now.
                await copy;
                Assert.Equal(200 << 20, new FileInfo(scenario.PathOf("b.bin")).Length);
                File.Delete(scenario.PathOf("b.bin"));
            }
            catch (OperationCanceledException e)
            {
                Assert.Equal(cancellation.Token, e.CancellationToken);
            }

            Assert.Equal([source], Directory.GetFiles(scenario.Directory));
        });
    }

    private static Task RunAsync(Func<EngineScenario, FileEngine, Task> play) =>
        EngineScenario.RunAsync("sync", scenario => play(scenario, scenario.Engine));
}
