using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Positional reads and reading a file whole.</summary>
public sealed class ReaderSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Reads_anywhere_and_several_at_once(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var content = Text.Pattern(100 * 1000);
        scenario.Given("a.bin", content);
        var client = scenario.Probe("client");
        var file = await scenario.OpenAsync(client, "a.bin", OpenMode.Read);
        Assert.Equal(content.Length, file.Opened.Length);
        var buffers = Enumerable.Range(0, 100).Select(_ => new byte[1000]).ToArray();
        for (var i = 0; i < 100; i++)
        {
            var block = (i * 37) % 100;
            file.Tell(new Read(block * 1000, buffers[block], block));
        }

        var tokens = new List<long>();
        for (var i = 0; i < 100; i++)
        {
            var read = await file.ExpectAsync<DataRead>();
            Assert.Equal((read.Token * 1000, 1000), (read.Offset, read.Data.Length));
            tokens.Add(read.Token);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), tokens.Order());
        Assert.Equal(content, buffers.SelectMany(b => b).ToArray());
        Assert.Equal(new Closed(content.Length), await file.CloseAsync());
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Is_short_only_at_the_end(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        scenario.Given("a.txt", "0123456789");
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Read);
        foreach (var (offset, length, expected) in new[]
                 {
                     (0, 10, "0123456789"), (0, 100, "0123456789"), (7, 2, "78"), (7, 100, "789"), (10, 5, ""),
                     (1_000_000, 5, ""), (3, 0, ""),
                 })
        {
            file.Tell(new Read(offset, new byte[length], 5));
            var read = await file.ExpectAsync<DataRead>();
            Assert.Equal((5L, (long)offset, expected), (read.Token, read.Offset, Text.Of(read.Data)));
        }

        await file.CloseAsync();
    });

    [Fact]
    public async Task Short_transfers_are_continued()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var content = Text.Pattern(1000);
            scenario.Given("a.bin", content);
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.bin", OpenMode.Read);
            driver.Result = operation =>
                operation.Kind == IoKind.Read ? Math.Min(300, operation.Length - operation.Done) : null;
            file.Tell(new Read(0, new byte[1000]));
            Assert.Equal(content, (await file.ExpectAsync<DataRead>()).Data.ToArray());
            Assert.Equal(4, driver.Submitted.Count(kind => kind == IoKind.Read));
            driver.Result = _ => null;
            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task A_read_that_fails_says_how_much_it_has_read()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Given("a.bin", Text.Pattern(1000));
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.bin", OpenMode.Read);
            driver.Result = operation => operation.Kind != IoKind.Read ? null : operation.Done == 0 ? 300 : -Errno.EIO;
            var read = new Read(0, new byte[1000]);
            file.Tell(read);
            var failed = await file.ExpectFailureAsync(FailureReason.IoError, read);
            Assert.Equal((300L, Errno.EIO), (failed.BytesDone, failed.Errno));

            driver.Result = _ => null;
            file.Tell(read);
            Assert.Equal(1000, (await file.ExpectAsync<DataRead>()).Data.Length);
            await file.CloseAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Reads_the_whole_file_as_it_is_then(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var path = scenario.Given("a.txt");
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.txt", OpenMode.Read);
            await ExpectWholeAsync(file, "");
            await File.WriteAllTextAsync(path, "grown");
            await ExpectWholeAsync(file, "grown");
            await File.WriteAllTextAsync(path, "shr");
            await ExpectWholeAsync(file, "shr");
            await File.WriteAllTextAsync(path, new string('x', 10_000));
            await ExpectWholeAsync(file, new string('x', 10_000));
            await File.WriteAllTextAsync(path, new string('x', 10_001));
            var tooLarge = new ReadAll();
            file.Tell(tooLarge);
            var failed = await file.ExpectFailureAsync(FailureReason.FileTooLarge, tooLarge);
            Assert.Contains("whole-file-max", failed.Cause, StringComparison.Ordinal);
            await file.CloseAsync();
        },
        "actors.engine.reader.whole-file-max = 10000");

    [Fact]
    public async Task A_file_too_large_holds_up_nothing_behind_it()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                scenario.Given("a.txt", new string('x', 10_001));
                var file = await scenario.OpenAsync(
                    scenario.Probe("client"), "a.txt", OpenMode.Read, new OpenOptions { InFlight = 1 });
                driver.Script = _ => Play.Hold;
                file.Tell(new Read(0, new byte[10], 1));
                file.Tell(new ReadAll(2));
                file.Tell(new Read(0, new byte[10], 3));
                await scenario.UntilAsync(() => driver.HeldCount == 1, "the first in the kernel");
                await scenario.SettleAsync(file);
                driver.Script = _ => Play.Perform;
                driver.ReleaseAll();
                Assert.Equal(1, (await file.ExpectAsync<DataRead>()).Token);
                await file.ExpectFailureAsync(FailureReason.FileTooLarge);
                Assert.Equal(3, (await file.ExpectAsync<DataRead>()).Token);
                await file.CloseAsync();
            },
            "actors.engine.reader.whole-file-max = 10000");
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData(100_000)]
    public Task A_file_that_does_not_say_how_long_it_is_is_read_to_its_end(int? max)
    {
        const string Symbols = "/proc/kallsyms";
        Skip.IfNot(File.Exists(Symbols), "needs such a file");
        return EngineScenario.RunAsync(
            "sync",
            async scenario =>
            {
                var content = await File.ReadAllBytesAsync(Symbols);
                Skip.If(content.Length < 200_000, "needs a larger one");
                var file = await scenario.OpenAsync(scenario.Probe("client"), Symbols, OpenMode.Read);
                file.Tell(new ReadAll());
                if (max is null)
                {
                    Assert.True(Text.AreSame(content, (await file.ExpectAsync<WholeFile>()).Data.ToArray()));
                }
                else
                {
                    await file.ExpectFailureAsync(FailureReason.FileTooLarge);
                }

                await file.CloseAsync();
            },
            $"actors.engine.reader.whole-file-max = {max ?? 64 << 20}");
    }

    private static async Task ExpectWholeAsync(ClientFile file, string expected)
    {
        file.Tell(new ReadAll(3));
        var whole = await file.ExpectAsync<WholeFile>();
        Assert.Equal((3L, expected), (whole.Token, Text.Of(whole.Data)));
    }
}
