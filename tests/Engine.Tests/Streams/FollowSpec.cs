using System.Text;
using Actors.Engine.Streams;
using Actors.Engine.Tests.Scenario;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Actors.Engine.Tests.Streams;

/// <summary>Files that are written while they are read: complete lines only, one after the other, and on from the start
/// when the file is written anew.</summary>
public sealed class FollowSpec
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(2);

    [SkippableTheory]
    [InlineData("sync")]
    [InlineData("thread-pool")]
    [InlineData("auto")]
    public Task A_source_that_follows_passes_what_is_appended(string backend) =>
        EngineScenario.RunAsync(backend, async s =>
        {
            var path = s.Given("log", "begun, ");
            var (result, probe) = FileSource.FromFile(path, new FileSourceOptions { FollowEvery = Often })
                .ToMaterialized(new PullProbe<ReadOnlyMemory<byte>>(), Keep.Both).Run(s.System.Materializer());
            Assert.Equal("begun, ", Text.Of(await probe.PullAsync()));
            for (var round = 0; round < 5; round++)
            {
                var next = probe.PullAsync();
                await File.AppendAllTextAsync(path, $"{round}, ");
                Assert.Equal($"{round}, ", Text.Of(await next));
            }

            await probe.CancelAsync();
            var told = await result.WaitAsync(EngineScenario.Patience);
            Assert.True(told.WasSuccessful);
            Assert.Equal(new FileInfo(path).Length, told.Count);
        });

    [Fact]
    public Task Lines_that_are_written_in_pieces_are_followed_whole() => EngineScenario.RunAsync("sync", async s =>
    {
        var path = s.Given("log");
        var lines = LinesSource.TextFromFile(path, new FileSourceOptions { FollowEvery = Often })
            .Take(200).RunWith(Sink.Seq<string>(), s.System.Materializer());
        await WriteInPiecesAsync(path, 200);
        Assert.Equal(Expected(200), await lines.WaitAsync(EngineScenario.Patience));
    });

    [Fact]
    public Task Runs_that_pass_complete_lines_only_go_on_from_their_count() =>
        EngineScenario.RunAsync("sync", async s =>
        {
            var path = s.Given("log");
            var writing = WriteInPiecesAsync(path, 200);
            var lines = new List<string>();
            var position = 0L;
            bool isLast;
            do
            {
                isLast = writing.IsCompleted;
                var (result, read) = LinesSource.TextFromFile(
                        path, new FileSourceOptions { StartPosition = position }, completeLinesOnly: true)
                    .ToMaterialized(Sink.Seq<string>(), Keep.Both).Run(s.System.Materializer());
                lines.AddRange(await read.WaitAsync(EngineScenario.Patience));
                position += (await result.WaitAsync(EngineScenario.Patience)).Count;
            }
            while (!isLast);
            await writing;
            Assert.Equal(Expected(200), lines);
            Assert.Equal(new FileInfo(path).Length, position);
        });

    [Theory]
    [InlineData("a\nb", false, new[] { "a", "b" }, 3)]
    [InlineData("a\nb", true, new[] { "a" }, 2)]
    [InlineData("a\r\nb\r\n", true, new[] { "a", "b" }, 6)]
    [InlineData("a", true, new string[0], 0)]
    public Task What_follows_the_last_line_end_is_a_line_unless_complete_ones_are_asked_for(
        string content, bool completeOnly, string[] expected, int count) => EngineScenario.RunAsync("sync", async s =>
    {
        var path = s.Given("in", content);
        foreach (var chunkSize in (int[])[1, 2, 65536])
        {
            var (result, lines) = LinesSource.TextFromFile(
                    path, new FileSourceOptions { ChunkSize = chunkSize }, completeLinesOnly: completeOnly)
                .ToMaterialized(Sink.Seq<string>(), Keep.Both).Run(s.System.Materializer());
            Assert.Equal(expected, await lines.WaitAsync(EngineScenario.Patience));
            Assert.Equal(count, (await result.WaitAsync(EngineScenario.Patience)).Count);
        }
    });

    [Fact]
    public Task A_file_that_is_truncated_and_written_anew_is_followed_from_its_start() =>
        EngineScenario.RunAsync("sync", async s =>
        {
            var path = s.Given("log", "first\nsecond\nbegun");
            var (result, probe) = LinesSource.TextFromFile(path, new FileSourceOptions { FollowEvery = Often })
                .ToMaterialized(new PullProbe<string>(), Keep.Both).Run(s.System.Materializer());
            Assert.Equal("first", await probe.PullAsync());
            Assert.Equal("second", await probe.PullAsync());
            var third = probe.PullAsync();
            await File.WriteAllTextAsync(path, "\uFEFFnew\nhalf");
            Assert.Equal("new", await third);
            var fourth = probe.PullAsync();
            await File.AppendAllTextAsync(path, " a line\n");
            Assert.Equal("half a line", await fourth);
            await probe.CancelAsync();
            Assert.True((await result.WaitAsync(EngineScenario.Patience)).WasSuccessful);
        });

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_name_that_leads_to_another_file_is_followed_there(bool isGoneMeanwhile) =>
        EngineScenario.RunAsync("sync", async s =>
        {
            Skip.IfNot(OperatingSystem.IsLinux(), "files are told apart on Linux only");
            var path = s.Given("log", "first\n");
            var options = new FileSourceOptions { FollowEvery = Often, FollowName = true };
            var (result, probe) = LinesSource.TextFromFile(path, options)
                .ToMaterialized(new PullProbe<string>(), Keep.Both).Run(s.System.Materializer());
            Assert.Equal("first", await probe.PullAsync());
            for (var round = 0; round < 5; round++)
            {
                // What is written before the rotation belongs to the old file, and comes first.
                await File.AppendAllTextAsync(path, $"last of {round}\ncut");
                File.Move(path, s.PathOf($"log.{round}"));
                if (isGoneMeanwhile)
                {
                    Assert.Equal($"last of {round}", await probe.PullAsync());
                }

                await File.WriteAllTextAsync(path, $"first of {round + 1}\n");
                if (!isGoneMeanwhile)
                {
                    Assert.Equal($"last of {round}", await probe.PullAsync());
                }

                Assert.Equal($"first of {round + 1}", await probe.PullAsync());
            }

            var next = probe.PullAsync();
            File.Delete(path);
            await File.WriteAllTextAsync(path, "new\n");
            Assert.Equal("new", await next);
            await probe.CancelAsync();
            Assert.True((await result.WaitAsync(EngineScenario.Patience)).WasSuccessful);
        });

    [Fact]
    public void A_name_is_followed_at_an_interval()
    {
        Assert.Throws<ArgumentException>(() => FileSource.FromFile("f", new() { FollowName = true }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSource.FromFile("f", new() { FollowEvery = TimeSpan.Zero }));
    }

    [Fact]
    public Task A_start_behind_the_end_waits_for_the_file_to_grow_there() => EngineScenario.RunAsync("sync", async s =>
    {
        var path = s.Given("log", "12345");
        var options = new FileSourceOptions { FollowEvery = Often, StartPosition = 8 };
        var (_, probe) = FileSource.FromFile(path, options)
            .ToMaterialized(new PullProbe<ReadOnlyMemory<byte>>(), Keep.Both).Run(s.System.Materializer());
        var next = probe.PullAsync();
        await File.AppendAllTextAsync(path, "67");
        await File.AppendAllTextAsync(path, "890");
        var rest = Text.Of(await next);
        Assert.Equal("90", rest.Length == 2 ? rest : rest + Text.Of(await probe.PullAsync()));
        await probe.CancelAsync();
    });

    [Fact]
    public Task The_end_of_the_engine_ends_a_source_that_follows() => EngineScenario.RunAsync("sync", async s =>
    {
        var engine = FileEngine.Start();
        var options = new FileSourceOptions { FollowEvery = Often, Engine = engine };
        var (result, probe) = FileSource.FromFile(s.Given("log", "x"), options)
            .ToMaterialized(new PullProbe<ReadOnlyMemory<byte>>(), Keep.Both).Run(s.System.Materializer());
        await probe.PullAsync();
        var next = probe.PullAsync();
        await engine.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => next);
        var told = await result.WaitAsync(EngineScenario.Patience);
        Assert.False(told.WasSuccessful);
        Assert.Equal(1, told.Count);
    });

    private static IEnumerable<string> Expected(int count) => Enumerable.Range(0, count).Select(i => $"line {i} of it");

    /// <summary>As a process does that flushes when it pleases.</summary>
    private static Task WriteInPiecesAsync(string path, int count) => Task.Run(() =>
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        foreach (var line in Expected(count))
        {
            file.Write(Encoding.UTF8.GetBytes(line[..5]));
            Thread.SpinWait(2_000);
            file.Write(Encoding.UTF8.GetBytes(line[5..]));
            Thread.SpinWait(2_000);
            file.Write("\n"u8);
        }
    });
}
