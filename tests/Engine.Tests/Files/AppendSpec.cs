using System.Diagnostics;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Appends land at the end as the kernel knows it: beside other processes, behind a truncation, and with
/// positional writes to the same file, which land where they say.</summary>
public sealed class AppendSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public Task A_log_that_is_truncated_under_its_writer_begins_again(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var path = scenario.PathOf("a.log");
            await using (var log = await scenario.Engine.OpenWriterAsync(path, OpenMode.Append))
            {
                await log.WriteLineAsync("before");
                await log.FlushAsync();
                await using (var other = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    other.SetLength(0);
                }

                await log.WriteLineAsync("after");
                await log.SyncAsync();
            }

            Assert.Equal("after\n", scenario.ContentOf("a.log"));
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public Task Two_processes_append_whole_lines(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the other process is a shell");
        const int Count = 2000;
        var path = scenario.PathOf("a.log");
        await using (var file = await scenario.Engine.OpenAsync(path, OpenMode.ReadWrite))
        {
            await file.WriteAsync(0, new byte[64]);
            using var neighbour = Process.Start(
                "/bin/sh", ["-c", $"i=0; while [ $i -lt {Count} ]; do echo \"theirs $i\" >> \"$0\"; i=$((i+1)); done", path]);
            for (var i = 0; i < Count; i++)
            {
                await file.AppendAsync(Text.Bytes($"ours {i}\n"));
                await file.WriteAsync(i % 63, new byte[] { 1 });
            }

            await neighbour.WaitForExitAsync().WaitAsync(EngineScenario.Patience);
        }

        var content = await File.ReadAllBytesAsync(path);
        Assert.All(content[..63], at => Assert.Equal(1, at));
        var lines = System.Text.Encoding.ASCII.GetString(content[64..]).Split('\n')[..^1];
        Assert.Equal(2 * Count, lines.Length);
        var numbers = Enumerable.Range(0, Count);
        Assert.Equal(numbers.Select(i => $"ours {i}"), lines.Where(line => line.StartsWith('o')));
        Assert.Equal(numbers.Select(i => $"theirs {i}"), lines.Where(line => line.StartsWith('t')));
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public Task A_write_of_no_bytes_moves_nothing(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        await using (var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write))
        {
            await file.AppendAsync("1234"u8.ToArray());
            await file.WriteAsync(1 << 20, ReadOnlyMemory<byte>.Empty);
            await file.AppendAsync("5678"u8.ToArray());
            Assert.Equal(8, await file.SyncAsync());
        }

        Assert.Equal("12345678", scenario.ContentOf("a.txt"));
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public Task Lengths_are_told_as_the_kernel_knows_them(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var path = scenario.PathOf("a.txt");
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Append);
            await File.AppendAllTextAsync(path, "of somebody else");
            file.Append("mine");
            await file.ExpectWrittenAsync(1);
            file.Tell(new Sync());
            Assert.Equal(20, (await file.ExpectAsync<Synced>()).Length);
            await File.AppendAllTextAsync(path, "!");
            Assert.Equal(21, (await file.CloseAsync()).Length);
        });

    /// <summary>In the kernel together, an append and a write that moves the end can land at one place.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_append_and_a_write_beyond_the_end_take_turns(bool coalesce)
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await scenario.OpenAsync(
                scenario.Probe("client"), "a.txt", OpenMode.Write, new OpenOptions { Coalesce = coalesce });
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;

            async Task ExpectHeldAsync(int count)
            {
                await scenario.UntilAsync(() => driver.HeldCount == count, $"{count} writes in the kernel");
                await scenario.SettleAsync(file);
                Assert.Equal(count, driver.HeldCount);
            }

            file.WriteAt(0, "0123");
            file.Append("45");
            await ExpectHeldAsync(1);
            driver.ReleaseOldest();

            // The first two stay within the file, and go beside the append.
            await ExpectHeldAsync(1);
            file.WriteAt(0, "A");
            file.WriteAt(3, "D");
            file.WriteAt(4, "EFGH");
            file.Append("!");
            await ExpectHeldAsync(3);
            driver.ReleaseNewest();
            driver.ReleaseNewest();
            await ExpectHeldAsync(1);
            driver.ReleaseOldest();
            await ExpectHeldAsync(1);
            driver.ReleaseOldest();
            await ExpectHeldAsync(1);
            driver.ReleaseAll();

            await file.ExpectWrittenAsync(6);
            await file.CloseAsync();
            Assert.Equal("A12DEFGH!", scenario.ContentOf("a.txt"));
        });
    }

    /// <summary>What the system said before does not count: the file may have become shorter since.</summary>
    [Fact]
    public async Task They_take_turns_when_nobody_knows_where_the_end_is()
    {
        var driver = new ScriptedDriver();
        using var questions = new HeldQuestions();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                scenario.Given("a.txt", "0123456789");
                var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.ReadWrite);
                questions.HidesLength = true;
                file.Tell(new Truncate(0));
                await file.ExpectAsync<Truncated>();
                driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
                file.WriteAt(0, "abc");
                file.Append("def");
                file.WriteAt(6, "ghi");
                for (var turn = 0; turn < 3; turn++)
                {
                    await scenario.UntilAsync(() => driver.HeldCount == 1, "one write in the kernel");
                    await scenario.SettleAsync(file);
                    Assert.Equal(1, driver.HeldCount);
                    driver.ReleaseOldest();
                }

                await file.ExpectWrittenAsync(3);
                driver.ReleaseAll();
                await file.CloseAsync();
                Assert.Equal("abcdefghi", scenario.ContentOf("a.txt"));
            },
            setups: new SystemCallsSetup(SystemCalls.Platform with { Files = questions }));
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Appends_between_writes_beyond_the_end_lose_nothing(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var file = await scenario.OpenAsync(
                scenario.Probe("client"), "a.bin", OpenMode.Write, new OpenOptions { Coalesce = false });
            const int Count = 50;
            var block = 0;
            for (var i = 0; i < Count; i++)
            {
                file.WriteAt(4L * block++, $"{block:0000}");
                file.Append($"{++block:0000}");
            }

            await file.ExpectWrittenAsync(2 * Count);
            await file.CloseAsync();
            Assert.Equal(
                string.Concat(Enumerable.Range(1, 2 * Count).Select(i => $"{i:0000}")), scenario.ContentOf("a.bin"));
        });

    /// <summary>A terminal has no positions: what is appended to it is written as it comes.</summary>
    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public Task A_device_without_positions_is_written_to(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            using var terminal = Terminal.Open();
            await scenario.Engine.WriteAllTextAsync(terminal.Path, "to the terminal\n");
            Assert.Equal("to the terminal\r\n", terminal.Read(17));
            await using var file = await scenario.Engine.OpenAsync(terminal.Path, OpenMode.Append);
            await file.AppendAsync("more\n"u8.ToArray());
            Assert.Equal("more\r\n", terminal.Read(6));
            var refused = await Assert.ThrowsAsync<FileEngineException>(
                async () => await file.WriteAsync(3, "x"u8.ToArray()));
            Assert.Equal(FailureReason.NotARegularFile, refused.Reason);
        });
}
