using System.Text;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>docs/from-python.md: the calls of aiofiles' files, each with what it does in Python. Those of its <c>os</c>
/// and <c>tempfile</c>, and those of aiofile, are in the other parts.</summary>
public sealed partial class FromPythonSpec
{
    // ------------------------------------------------------------------ open: modes

    [Theory]
    [InlineData(OpenMode.Read)]
    [InlineData(OpenMode.ReadWriteExisting)]
    public Task Open_r_and_rplus_need_the_file(OpenMode mode) => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.PathOf("missing.txt");
        await FileSystemSpec.ExpectAsync(
            FailureReason.NotFound, path, async () => await engine.OpenAsync(path, mode));
        Assert.False(File.Exists(path));
    });

    [Fact]
    public Task Open_rplus_reads_and_overwrites_where_the_position_is() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", "0123456789");
        await using (var stream = await engine.OpenStreamAsync(path, OpenMode.ReadWriteExisting))
        {
            var two = new byte[2];
            await stream.ReadExactlyAsync(two);
            await stream.WriteAsync("ab"u8.ToArray());
            await stream.ReadExactlyAsync(two);
            Assert.Equal("45", Text.Of(two));
        }

        Assert.Equal("01ab456789", scenario.ContentOf("a.txt"));
    });

    [Fact]
    public Task Open_w_empties_a_file_and_creates_one() => RunAsync(async (scenario, engine) =>
    {
        foreach (var path in new[] { scenario.Given("there.txt", "old"), scenario.PathOf("new.txt") })
        {
            await using (var writer = await engine.OpenWriterAsync(path))
            {
                await writer.WriteAsync("new");
            }

            Assert.Equal("new", await File.ReadAllTextAsync(path));
        }
    });

    [Fact]
    public Task Open_wplus_empties_the_file_and_reads_what_it_wrote() => RunAsync(async (scenario, engine) =>
    {
        await using var stream = await engine.OpenStreamAsync(
            scenario.Given("a.txt", "old"), OpenMode.ReadWriteTruncate);
        await stream.WriteAsync("new"u8.ToArray());
        stream.Position = 0;
        Assert.Equal("new", await new StreamReader(stream).ReadToEndAsync());
    });

    [Fact]
    public Task Open_a_always_appends() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", "old ");
        await using (var stream = await engine.OpenStreamAsync(path, OpenMode.Append))
        {
            Assert.Equal(4, stream.Position);
            Assert.Throws<IOException>(() => stream.Position = 0);
            await stream.WriteAsync("new"u8.ToArray());
        }

        Assert.Equal("old new", scenario.ContentOf("a.txt"));
        await using var file = await engine.OpenAsync(path, OpenMode.Append);
        await file.WriteAsync(0, "OLD"u8.ToArray());
        await file.AppendAsync("er"u8.ToArray());
        Assert.Equal("OLD newer", scenario.ContentOf("a.txt"));
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Open_a_appends_whole_under_concurrency(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            await using (var file = await scenario.Engine.OpenAsync(scenario.Given("a.txt"), OpenMode.Append))
            {
                await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
                {
                    for (var i = 0; i < 100; i++)
                    {
                        await file.AppendAsync(Text.Bytes($"{writer}:{i} {new string((char)('a' + writer), 50)}\n"));
                    }
                })));
            }

            var lines = await File.ReadAllLinesAsync(scenario.PathOf("a.txt"));
            Assert.Equal(800, lines.Length);
            foreach (var own in lines.GroupBy(line => line[0]))
            {
                Assert.Equal(
                    Enumerable.Range(0, 100)
                        .Select(i => $"{own.Key}:{i} {new string((char)('a' + own.Key - '0'), 50)}"),
                    own);
            }
        });

    [Fact]
    public Task Open_aplus_reads_anywhere_and_appends() => RunAsync(async (scenario, engine) =>
    {
        await using var file = await engine.OpenAsync(scenario.Given("a.txt", "old "), OpenMode.ReadWrite);
        await using var reader = file.CreateReader();
        Assert.Equal(1, await reader.ReadAsync(new byte[1]));
        await file.AppendAsync("new"u8.ToArray());
        reader.Position = 0;
        Assert.Equal("old new", await reader.ReadTextToEndAsync());
    });

    [Theory]
    [InlineData(OpenMode.CreateNew)]
    [InlineData(OpenMode.ReadWriteNew)]
    public Task Open_x_and_xplus_fail_when_present(OpenMode mode) => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.PathOf("a.txt");
        await using (var stream = await engine.OpenStreamAsync(path, mode))
        {
            Assert.Equal((mode == OpenMode.ReadWriteNew, true, true), (stream.CanRead, stream.CanWrite, stream.CanSeek));
            await stream.WriteAsync("mine"u8.ToArray());
        }

        await FileSystemSpec.ExpectAsync(
            FailureReason.AlreadyExists, path, async () => await engine.OpenAsync(path, mode));
        Assert.Equal("mine", scenario.ContentOf("a.txt"));
    });

    // ------------------------------------------------------------------ open: text

    [Fact]
    public Task Open_encoding_both_ways() => RunAsync(async (scenario, engine) =>
    {
        var encodings = new[]
        {
            new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Latin1, Encoding.Unicode,
            Encoding.BigEndianUnicode, Encoding.UTF32,
        };
        foreach (var encoding in encodings)
        {
            var path = scenario.PathOf("a.txt");
            await engine.WriteAllLinesAsync(path, ["één", "zwei \u00fc"], encoding);
            byte[] expected = [.. encoding.GetPreamble(), .. encoding.GetBytes("één\nzwei \u00fc\n")];
            Assert.Equal(expected, await File.ReadAllBytesAsync(path));
            Assert.Equal(["één", "zwei \u00fc"], await engine.ReadAllLinesAsync(path, encoding));
            Assert.Equal("één\nzwei \u00fc\n", await engine.ReadAllTextAsync(path, encoding));
        }
    });

    [Fact]
    public Task Open_errors_replace_unless_strict() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", [.. "a"u8, 0xff, .. "b\n"u8]);
        Assert.Equal("a\ufffdb\n", await engine.ReadAllTextAsync(path));
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        await Assert.ThrowsAsync<DecoderFallbackException>(() => engine.ReadAllTextAsync(path, strict));
        await Assert.ThrowsAsync<DecoderFallbackException>(() => engine.ReadAllLinesAsync(path, strict));
        await Assert.ThrowsAsync<EncoderFallbackException>(
            () => engine.WriteAllTextAsync(scenario.PathOf("b.txt"), "\ud800", strict));
    });

    /// <summary>Python's table of newline: what ends a line, and what of it the caller sees.</summary>
    [Theory]
    [InlineData(true, false, "a|b|c|d")] // None, ends left out
    [InlineData(true, true, "a\n|b\r\n|c\r|d")] // ''
    [InlineData(false, false, "a|b|c\rd")] // '\n', ends left out, a carriage return before one too
    [InlineData(false, true, "a\n|b\r\n|c\rd")] // '\n'
    public Task Open_newline_reading(bool universal, bool keep, string lines) => RunAsync(async (scenario, engine) =>
    {
        var options = new FileReaderOptions { UniversalNewLines = universal, KeepLineEnds = keep };
        await using var reader = await engine.OpenReaderAsync(scenario.Given("a.txt", "a\nb\r\nc\rd"), options);
        var read = new List<string>();
        await foreach (var line in reader.ReadLinesAsync())
        {
            read.Add(line);
        }

        Assert.Equal(lines.Split('|'), read);
    });

    [Fact]
    public Task Open_newline_writing() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.PathOf("a.txt");
        await using (var writer = await engine.OpenWriterAsync(path, options: new FileWriterOptions { NewLine = "\r\n" }))
        {
            await writer.WriteLineAsync("a");
            await writer.WriteAsync("b\nc");
        }

        Assert.Equal("a\r\nb\nc", scenario.ContentOf("a.txt"));
    });

    // ------------------------------------------------------------------ reading

    [Fact]
    public Task Read_gives_the_rest_as_text_or_bytes() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", "one\ntwo\n");
        await using var reader = await engine.OpenReaderAsync(path);
        Assert.Equal("one", await reader.ReadLineAsync());
        Assert.Equal("two\n", await reader.ReadTextToEndAsync());
        Assert.Equal("", await reader.ReadTextToEndAsync());
        reader.Position = 4;
        Assert.Equal("two\n"u8.ToArray(), await reader.ReadToEndAsync());
        Assert.Equal("one\ntwo\n", await engine.ReadAllTextAsync(path));
        Assert.Equal("one\ntwo\n"u8.ToArray(), await engine.ReadAllBytesAsync(path));
    });

    [Fact]
    public Task Read_n_fills_n_and_less_only_at_the_end() => RunAsync(async (scenario, engine) =>
    {
        var content = Text.Pattern(100_000);
        await using var stream = await engine.OpenStreamAsync(scenario.Given("a.bin", content));
        var part = new byte[60_000];
        Assert.Equal(60_000, await stream.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false));
        Assert.Equal(content[..60_000], part);
        Assert.Equal(40_000, await stream.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false));
        Assert.Equal(content[60_000..], part[..40_000]);
        Assert.Equal(0, await stream.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false));
    });

    [Fact]
    public Task Read_n_of_text_counts_characters() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", Encoding.UTF8.GetBytes("één twee"));
        using var text = new StreamReader(await engine.OpenStreamAsync(path));
        var characters = new char[3];
        Assert.Equal(3, await text.ReadBlockAsync(characters));
        Assert.Equal("één", new string(characters));
    });

    [Fact]
    public Task Readinto_read1_readall_and_peek() => RunAsync(async (scenario, engine) =>
    {
        await using var file = await engine.OpenAsync(scenario.Given("a.txt", "0123456789"), OpenMode.Read);
        await using var reader = file.CreateReader();
        var four = new byte[4];
        Assert.Equal(4, await reader.ReadAsync(four));
        Assert.Equal("0123", Text.Of(four));
        Assert.Equal("456789", Text.Of(await reader.ReadToEndAsync()));

        var pipe = file.AsPipeReader();
        var peeked = await pipe.ReadAsync();
        Assert.Equal((byte)'0', peeked.Buffer.FirstSpan[0]);
        pipe.AdvanceTo(peeked.Buffer.Start);
        Assert.Equal((byte)'0', (await pipe.ReadAsync()).Buffer.FirstSpan[0]);
        await pipe.CompleteAsync();
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Readline_keeps_its_terminator_on_request(bool keep) => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", "one\n\nlast");
        await using var reader = await engine.OpenReaderAsync(path, new FileReaderOptions { KeepLineEnds = keep });
        Assert.Equal(keep ? "one\n" : "one", await reader.ReadLineAsync());
        Assert.Equal(keep ? "\n" : "", await reader.ReadLineAsync());
        Assert.Equal("last", await reader.ReadLineAsync());
        Assert.Null(await reader.ReadLineAsync());
    });

    [Fact]
    public Task Readlines_and_async_for() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", "one\ntwo\nthree");
        Assert.Equal(["one", "two", "three"], await engine.ReadAllLinesAsync(path));
        var lines = new List<string>();
        await foreach (var line in engine.ReadLinesAsync(path))
        {
            lines.Add(line);
        }

        await using var reader = await engine.OpenReaderAsync(path);
        await foreach (var line in reader.ReadByteLinesAsync())
        {
            lines.Add(Text.Of(line));
        }

        Assert.Equal(["one", "two", "three", "one", "two", "three"], lines);
    });

    // ------------------------------------------------------------------ writing

    [Fact]
    public Task Write_and_writelines_add_no_line_ends() => RunAsync(async (scenario, engine) =>
    {
        await using (var writer = await engine.OpenWriterAsync(scenario.PathOf("a.txt")))
        {
            await writer.WriteAsync("text ");
            await writer.WriteAsync("bytes "u8.ToArray());
            Assert.Equal(11, writer.Accepted);
            foreach (var line in new[] { "one\n", "two\n" })
            {
                await writer.WriteAsync(line);
            }
        }

        Assert.Equal("text bytes one\ntwo\n", scenario.ContentOf("a.txt"));
    });

    [Fact]
    public Task Flush_shows_it_to_everybody() => RunAsync(async (scenario, engine) =>
    {
        await using var writer = await engine.OpenWriterAsync(scenario.PathOf("a.txt"));
        await writer.WriteAsync("text");
        Assert.Equal("", scenario.ContentOf("a.txt"));
        await writer.FlushAsync();
        Assert.Equal("text", scenario.ContentOf("a.txt"));
    });

    [Fact]
    public Task Async_with_writes_what_is_left_and_closed_refuses() => RunAsync(async (scenario, engine) =>
    {
        var writer = await engine.OpenWriterAsync(scenario.PathOf("a.txt"));
        await using (writer)
        {
            await writer.WriteAsync("text");
        }

        Assert.Equal("text", scenario.ContentOf("a.txt"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await writer.WriteAsync("more"));
    });

    // ------------------------------------------------------------------ position and length

    [Fact]
    public Task Seek_and_tell_from_start_position_and_end() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", "0123456789");
        await using (var stream = await engine.OpenStreamAsync(path))
        {
            Assert.Equal(3, stream.Seek(3, SeekOrigin.Begin));
            Assert.Equal(5, stream.Seek(2, SeekOrigin.Current));
            Assert.Equal('5', stream.ReadByte());
            Assert.Equal(8, stream.Seek(-2, SeekOrigin.End));
            Assert.Equal('8', stream.ReadByte());
            Assert.Equal(9, stream.Position);
        }

        await using var reader = await engine.OpenReaderAsync(path);
        var one = new byte[1];
        reader.Position = 3;
        reader.Position += 2;
        await reader.ReadAsync(one);
        Assert.Equal("5", Text.Of(one));
        reader.Position = (await reader.File.StatAsync()).Length - 2;
        await reader.ReadAsync(one);
        Assert.Equal("8", Text.Of(one));
        Assert.Equal(9, reader.Position);
    });

    [Fact]
    public Task Seek_behind_the_end_and_write_leaves_a_hole() => RunAsync(async (scenario, engine) =>
    {
        await using (var stream = await engine.OpenStreamAsync(scenario.PathOf("a.txt"), OpenMode.ReadWrite))
        {
            stream.Position = 4;
            Assert.Equal(0, await stream.ReadAsync(new byte[1]));
            await stream.WriteAsync("end"u8.ToArray());
        }

        Assert.Equal("\0\0\0\0end", scenario.ContentOf("a.txt"));
    });

    [Fact]
    public Task Tell_of_a_writer() => RunAsync(async (scenario, engine) =>
    {
        await using var writer = await engine.OpenWriterAsync(scenario.Given("a.txt", "1234"), OpenMode.Append);
        await writer.WriteAsync("56");
        Assert.Equal(6, writer.File.LengthAtOpen + writer.Accepted);
    });

    [Fact]
    public Task Truncate_leaves_the_position() => RunAsync(async (scenario, engine) =>
    {
        await using var file = await engine.OpenAsync(scenario.Given("a.txt", "0123456789"), OpenMode.ReadWrite);
        await using var reader = file.CreateReader();
        reader.Position = 7;
        Assert.Equal(4, await file.TruncateAsync(4));
        Assert.Equal(7, reader.Position);
        Assert.Equal(0, await reader.ReadAsync(new byte[1]));
        Assert.Equal(8, await file.TruncateAsync(8));
        Assert.Equal(1, await reader.ReadAsync(new byte[1]));
        Assert.Equal("0123\0\0\0\0", scenario.ContentOf("a.txt"));
    });

    [Fact]
    public Task Truncate_at_the_position() => RunAsync(async (scenario, engine) =>
    {
        await using var stream = await engine.OpenStreamAsync(
            scenario.Given("a.txt", "0123456789"), OpenMode.ReadWriteExisting);
        stream.Position = 6;
        await stream.SetLengthAsync(stream.Position);
        Assert.Equal((6, 6), (stream.Position, stream.Length));
        Assert.Equal("012345", scenario.ContentOf("a.txt"));
    });

    // ------------------------------------------------------------------ what it is

    [Fact]
    public Task Readable_writable_seekable_name_mode_encoding() => RunAsync(async (scenario, engine) =>
    {
        var path = scenario.Given("a.txt", [0xff, 0xfe, (byte)'a', 0]);
        await using (var stream = await engine.OpenStreamAsync(path))
        {
            Assert.Equal((true, false, true), (stream.CanRead, stream.CanWrite, stream.CanSeek));
            Assert.Equal((path, OpenMode.Read), (stream.File.Path, stream.File.Mode));
            await Assert.ThrowsAsync<NotSupportedException>(async () => await stream.WriteAsync(new byte[1]));
        }

        await using (var stream = await engine.OpenStreamAsync(path, OpenMode.Append))
        {
            Assert.Equal((false, true, true), (stream.CanRead, stream.CanWrite, stream.CanSeek));
            await Assert.ThrowsAsync<NotSupportedException>(async () => await stream.ReadExactlyAsync(new byte[1]));
        }

        await using var reader = await engine.OpenReaderAsync(path);
        Assert.Equal("a", await reader.ReadLineAsync());
        Assert.Equal(Encoding.Unicode, reader.CurrentEncoding);
    });

    [SkippableFact]
    public Task Isatty_is_not_asked_of_what_is_read() => RunAsync(async (_, engine) =>
    {
        Skip.IfNot(File.Exists("/dev/null"), "there is no /dev/null");
        await FileSystemSpec.ExpectAsync(
            FailureReason.NotARegularFile, "/dev/null", async () => await engine.OpenAsync("/dev/null", OpenMode.Read));
    });

    private static Task RunAsync(Func<EngineScenario, FileEngine, Task> play) =>
        EngineScenario.RunAsync("sync", scenario => play(scenario, scenario.Engine));
}
