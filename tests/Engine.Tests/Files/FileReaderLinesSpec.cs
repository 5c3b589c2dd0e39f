using System.Text;
using Actors.Engine.Files;
using Actors.Engine.Tests.Scenario;
using CsCheck;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Lines and text: every way of asking gives the lines that the BCL gives.</summary>
public sealed class FileReaderLinesSpec
{
    private const int Chunk = 4 << 10;

    private static readonly FileReaderOptions Small = new() { ChunkSize = Chunk };

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Every_way_of_asking_gives_the_same_lines(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            // Shorter and longer than a chunk, empty, with and without a carriage return, the last without an end.
            var random = new Random(2);
            var text = new StringBuilder();
            for (var i = 0; i < 400; i++)
            {
                text.Append('x', random.Next(20) == 0 ? random.Next(3 * Chunk) : random.Next(60));
                text.Append(random.Next(2) == 0 ? "\n" : "\r\n");
            }

            text.Append("last ä€😀");
            var path = scenario.PathOf("a.txt");
            await File.WriteAllTextAsync(path, text.ToString());
            var expected = await File.ReadAllLinesAsync(path);
            await using var file = await scenario.Engine.OpenAsync(path, OpenMode.Read);
            Assert.Equal(expected, await ByCallsAsync(file.CreateReader(Small)));
            Assert.Equal(expected, await ByteLinesAsync(file.CreateReader(Small)));
            Assert.Equal(expected, await ByTryingAsync(file.CreateReader(Small)));
            Assert.Equal(expected, await AsStringsAsync(file.CreateReader(Small)));
            Assert.Equal(text.ToString(), await file.CreateReader(Small).ReadTextToEndAsync());
            var whole = await AsStringsAsync(file.CreateReader(Small with { KeepLineEnds = true }));
            Assert.Equal(text.ToString(), string.Concat(whole));
            Assert.Equal(expected.Length, whole.Count);
        });

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public Task A_byte_order_mark_decides_the_encoding(string name) => EngineScenario.RunAsync("sync", async scenario =>
    {
        var encoding = Encoding.GetEncoding(name);
        var lines = Enumerable.Range(0, 2000).Select(i => $"Zeile {i} ä€😀").ToArray();
        var path = scenario.PathOf("a.txt");
        await File.WriteAllLinesAsync(path, lines, encoding);
        await using var reader = await scenario.Engine.OpenReaderAsync(path, Small);
        Assert.Equal(lines, await ByCallsAsync(reader, dispose: false));
        Assert.Equal(encoding.WebName, reader.CurrentEncoding.WebName);
        reader.Position = 0;
        Assert.Equal(await File.ReadAllTextAsync(path, encoding), await reader.ReadTextToEndAsync());
        reader.Position = 0;
        Assert.Equal(lines[0], await reader.ReadLineAsync());
        await using var clone = reader.Clone();
        Assert.Equal(lines[1], await clone.ReadLineAsync());
        reader.Position = 0;
        Assert.Equal(await File.ReadAllBytesAsync(path), await reader.ReadToEndAsync());

        // Told, rather than found.
        await using var told = await scenario.Engine.OpenReaderAsync(
            path, Small with { Encoding = encoding, DetectEncoding = false });
        Assert.Equal(lines, await AsStringsAsync(told));
    });

    [Fact]
    public Task What_looks_like_a_mark_in_the_middle_of_the_file_is_text() => EngineScenario.RunAsync(
        "sync", async scenario =>
        {
            var path = scenario.Given("a.txt", "ab\u00ff\u00fecd");
            await using var reader = await scenario.Engine.OpenReaderAsync(
                path, new FileReaderOptions { Encoding = Encoding.Latin1 });
            reader.Position = 2;
            Assert.Equal("\u00ff\u00fecd", await reader.ReadTextToEndAsync());
            reader.Position = 2;
            Assert.Equal("\u00ff\u00fecd", await reader.ReadLineAsync());
        });

    [Fact]
    public Task Universal_new_lines_are_those_of_stream_reader() => EngineScenario.RunAsync("sync", async scenario =>
    {
        // Around the boundary of a chunk too.
        foreach (var start in new[] { 0, Chunk - 2, Chunk - 1, Chunk, Chunk + 1 })
        {
            foreach (var encoding in new Encoding[] { new UTF8Encoding(false), Encoding.Unicode })
            {
                var text = new string('x', start) + "\r\nb\rc\nd\r\r\n\n\re\r";
                var path = scenario.PathOf("a.txt");
                await File.WriteAllTextAsync(path, text, encoding);
                await using var reader = await scenario.Engine.OpenReaderAsync(
                    path, Small with { UniversalNewLines = true });
                Assert.Equal(await File.ReadAllLinesAsync(path), await ByCallsAsync(reader, dispose: false));
                await using var keeping = await scenario.Engine.OpenReaderAsync(
                    path, Small with { UniversalNewLines = true, KeepLineEnds = true });
                Assert.Equal(text, string.Concat(await AsStringsAsync(keeping)));
            }
        }
    });

    [Fact]
    public void Line_ends_split_any_text_as_stream_reader_does() =>
        Gen.String[Gen.Char["ab\r\n"], 0, 40].Sample(text =>
        {
            var ends = new LineEnds(Encoding.UTF8, universal: true);
            var rest = Encoding.UTF8.GetBytes(text).AsSpan();
            using var reader = new StringReader(text);
            var clean = 0;
            while (ends.TryFind(rest, ref clean, true, out var length, out var end))
            {
                clean = 0;
                if (reader.ReadLine() != Encoding.UTF8.GetString(rest[..length]))
                {
                    return false;
                }

                rest = rest[(length + end)..];
            }

            return reader.ReadLine() is null && rest.IsEmpty;
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_file_is_followed_as_it_grows(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var path = scenario.Given("a.txt", "one\n");
        await using var reader = await scenario.Engine.OpenReaderAsync(path, Small);
        Assert.Equal("one", await reader.ReadLineAsync());
        for (var i = 0; i < 300; i++)
        {
            Assert.Null(await reader.ReadLineAsync());
            await File.AppendAllTextAsync(path, $"line {i}\r\n");
            Assert.Equal($"line {i}", await reader.ReadLineAsync());
        }

        Assert.False(await reader.FillAsync());
        await File.AppendAllTextAsync(path, "tail");
        Assert.True(await reader.FillAsync());
        Assert.True(!reader.TryReadLine(out _) && await reader.FillAsync() && reader.TryReadLine(out var tail)
            && tail.SequenceEqual("tail"u8));
        Assert.False(await reader.FillAsync());
    });

    [Theory]
    [InlineData(100)]
    [InlineData(Chunk)]
    [InlineData(3 * Chunk)]
    public Task A_line_too_long_is_refused_where_it_begins(int max) => EngineScenario.RunAsync("sync", async scenario =>
    {
        foreach (var tail in new[] { "\nnext\n", "\r\nnext\n", "" })
        {
            var longest = new string('y', max);
            var path = scenario.Given("a.txt", $"ok\n{longest}\r\n{longest}z{tail}");
            await using var reader = await scenario.Engine.OpenReaderAsync(path, Small with { LineSizeMax = max });
            Assert.Equal("ok", await reader.ReadLineAsync());
            Assert.Equal(longest, await reader.ReadLineAsync());
            for (var i = 0; i < 2; i++)
            {
                var failure = await Assert.ThrowsAsync<FileEngineException>(async () => await reader.ReadLineAsync());
                Assert.Equal(FailureReason.LineTooLong, failure.Reason);
                Assert.Equal(3 + max + 2, reader.Position);
            }

            Assert.Equal($"{longest}z{tail}", Text.Of(await reader.ReadToEndAsync()));
        }
    });

    [Fact]
    public async Task A_cancelled_line_is_there_for_the_next_call_as_line_or_as_bytes_or_from_the_start()
    {
        foreach (var next in new[] { "line", "bytes", "start" })
        {
            var driver = new ScriptedDriver();
            await EngineScenario.RunAsync(driver, async scenario =>
            {
                var line = new string('x', Chunk + 10);
                var path = scenario.Given("a.txt", $"a\n{line}\nb");
                await using var reader = await scenario.Engine.OpenReaderAsync(path, Small with { ReadAhead = false });
                Assert.Equal("a", await reader.ReadLineAsync());
                driver.Script = _ => Play.Hold;
                using var cancellation = new CancellationTokenSource();
                var cancelled = reader.ReadLineAsync(cancellation.Token).AsTask();
                await scenario.UntilAsync(() => driver.HeldCount == 1, "the second chunk in the kernel");
                await cancellation.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
                Assert.Equal(2, reader.Position);
                driver.ReleaseAll();
                if (next == "bytes")
                {
                    Assert.Equal($"{line}\nb", Text.Of(await reader.ReadToEndAsync()));
                }
                else
                {
                    if (next == "start")
                    {
                        reader.Position = 0;
                        Assert.Equal("a", await reader.ReadLineAsync());
                    }

                    Assert.Equal(line, await reader.ReadLineAsync());
                    Assert.Equal("b", await reader.ReadLineAsync());
                }
            });
        }
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public Task Units_may_begin_anywhere_in_the_file(string name) => EngineScenario.RunAsync("sync", async scenario =>
    {
        var encoding = Encoding.GetEncoding(name);
        var random = new Random(5);
        foreach (var ends in new string[][] { ["\n"], ["\r\n"], ["\n", "\r\n", "\r"] })
        {
            var text = new StringBuilder();
            for (var i = 0; i < 3000; i++)
            {
                // \u0a0a and \u0d0a: bytes of line ends that are none.
                text.Append("Zeile \u0a0a\u0d0a€😀 ").Append('x', random.Next(random.Next(50) == 0 ? 2 * Chunk : 20));
                text.Append(ends[random.Next(ends.Length)]);
            }

            using var model = new StringReader(text.ToString());
            var expected = new List<string>();
            while (model.ReadLine() is { } line)
            {
                expected.Add(line);
            }

            foreach (var header in new[] { 0, 1, 2, 3 })
            {
                var path = scenario.Given("a.txt", [.. new byte[header], .. encoding.GetBytes(text.ToString())]);
                var options = Small with { Encoding = encoding, UniversalNewLines = ends.Length > 2, DetectEncoding = false };
                await using var file = await scenario.Engine.OpenAsync(path, OpenMode.Read);
                await using var byCalls = file.CreateReader(options);
                byCalls.Position = header;
                Assert.Equal(expected, await ByCallsAsync(byCalls, dispose: false));
                await using var keeping = file.CreateReader(options with { KeepLineEnds = true });
                keeping.Position = header;
                Assert.Equal(text.ToString(), string.Concat(await AsStringsAsync(keeping)));
            }
        }
    });

    [Theory]
    [InlineData("utf-8", 1)]
    [InlineData("utf-8", 2)]
    [InlineData("utf-16", 1)]
    [InlineData("utf-16", 2)]
    [InlineData("utf-16BE", 1)]
    [InlineData("utf-32", 1)]
    [InlineData("utf-32", 2)]
    [InlineData("utf-32", 3)]
    [InlineData("utf-32BE", 3)]
    public Task A_byte_order_mark_may_come_in_two_pieces(string name, int first) => EngineScenario.RunAsync(
        "sync", async scenario =>
        {
            var encoding = Encoding.GetEncoding(name);
            byte[] content = [.. encoding.Preamble, .. encoding.GetBytes("a\nb\r\nzwölf\n")];
            var path = scenario.Given("a.txt", content[..first]);
            await using var reader = await scenario.Engine.OpenReaderAsync(path, Small with { LineSizeMax = 20 });
            Assert.True(await reader.FillAsync());
            Assert.False(reader.TryReadLine(out _));
            await File.WriteAllBytesAsync(path, content);
            var lines = new List<string>();
            while (await reader.FillAsync())
            {
                while (reader.TryReadLine(out var line))
                {
                    lines.Add(encoding.GetString(line));
                }
            }

            Assert.Equal(["a", "b", "zwölf"], lines);
            Assert.Equal(encoding.WebName, reader.CurrentEncoding.WebName);
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public Task A_follower_starts_again_when_the_file_is_truncated_if_it_is_to(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            var path = scenario.Given("a.txt", "first\nsecond");
            await using var file = await scenario.Engine.OpenAsync(path, OpenMode.Read);
            await using var staying = file.CreateReader(Small);
            await using var restarting = file.CreateReader(Small with { RestartWhenTruncated = true });
            foreach (var reader in new[] { staying, restarting })
            {
                Assert.Equal(["first", "second"], await ByCallsAsync(reader, dispose: false));
            }

            await File.WriteAllTextAsync(path, "new\n");
            Assert.Null(await staying.ReadLineAsync());
            Assert.Equal("new", await restarting.ReadLineAsync());
            Assert.Null(await restarting.ReadLineAsync());
            await File.AppendAllTextAsync(path, "longer than before\n");
            Assert.Equal("han before", await staying.ReadLineAsync());
            Assert.Equal("longer than before", await restarting.ReadLineAsync());
            await File.WriteAllTextAsync(path, "x");
            Assert.Equal("x"u8.ToArray(), await restarting.ReadToEndAsync());
            Assert.Equal((12L + 11, 1L), (staying.Position, restarting.Position));
        });

    [Fact]
    public Task Bytes_and_lines_may_alternate() => EngineScenario.RunAsync("sync", async scenario =>
    {
        await using var reader = await scenario.Engine.OpenReaderAsync(
            scenario.Given("a.txt", "header: 5\n12345rest\n\nend"));
        Assert.Equal("header: 5", await reader.ReadLineAsync());
        var body = new byte[5];
        Assert.Equal(5, await reader.ReadAsync(body));
        Assert.Equal("12345", Text.Of(body));
        await foreach (var line in reader.ReadByteLinesAsync())
        {
            Assert.Equal("rest", Text.Of(line));
            break;
        }

        Assert.Equal("", await reader.ReadLineAsync());
        Assert.Equal("end", await reader.ReadTextToEndAsync());
    });

    [Fact]
    public Task A_line_costs_no_memory() => EngineScenario.RunAsync("sync", async scenario =>
    {
        const int Lines = 5000;
        var path = scenario.Given("a.txt", string.Concat(Enumerable.Range(0, Lines).Select(i => $"line {i}\n")));
        await using var reader = await scenario.Engine.OpenReaderAsync(path, new() { ChunkSize = 1 << 20 });
        await reader.FillAsync();
        await using var lines = reader.ReadByteLinesAsync().GetAsyncEnumerator();
        Assert.True(await lines.MoveNextAsync());
        var allocated = StepThrough(lines, Lines - 1);
        Assert.Equal(0, allocated);
    });

    /// <summary>All in one chunk, so that no step waits and this thread does everything.</summary>
    private static long StepThrough(ByteLines.Enumerator lines, int count)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = 0;
        for (var i = 0; i < count; i++)
        {
            var step = lines.MoveNextAsync();
            bytes += step.IsCompletedSuccessfully && step.Result ? lines.Current.Length : throw new TimeoutException();
        }

        return bytes > 0 ? GC.GetAllocatedBytesForCurrentThread() - before : -1;
    }

    private static async Task<List<string>> ByCallsAsync(FileReader reader, bool dispose = true)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        await (dispose ? reader.DisposeAsync() : default);
        return lines;
    }

    private static async Task<List<string>> AsStringsAsync(FileReader reader)
    {
        var lines = new List<string>();
        await foreach (var line in reader.ReadLinesAsync())
        {
            lines.Add(line);
        }

        await reader.DisposeAsync();
        return lines;
    }

    private static async Task<List<string>> ByteLinesAsync(FileReader reader)
    {
        var lines = new List<string>();
        await foreach (var line in reader.ReadByteLinesAsync())
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        await reader.DisposeAsync();
        return lines;
    }

    private static async Task<List<string>> ByTryingAsync(FileReader reader)
    {
        var lines = new List<string>();
        do
        {
            while (reader.TryReadLine(out var line))
            {
                lines.Add(Encoding.UTF8.GetString(line));
            }
        }
        while (await reader.FillAsync());

        await reader.DisposeAsync();
        return lines;
    }
}
