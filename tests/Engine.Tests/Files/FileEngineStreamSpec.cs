using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>The stream by itself, against a MemoryStream, and under what others build on streams.</summary>
public sealed class FileEngineStreamSpec
{
    private static readonly FileEngineStreamOptions Small = new() { BufferSize = 4 << 10 };

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task It_does_what_a_memory_stream_does(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        foreach (var synchronous in new[] { false, true })
        {
            var name = $"{synchronous}.bin";
            await using var stream = await scenario.Engine.OpenStreamAsync(
                scenario.PathOf(name), OpenMode.ReadWrite, Small);
            using var model = new MemoryStream();
            var random = new Random(3);
            for (var i = 0; i < 400; i++)
            {
                if (synchronous)
                {
                    Step(stream, random.Next(), model);
                }
                else
                {
                    await StepAsync(stream, random.Next(), model);
                }

                Assert.Equal((model.Position, model.Length), (stream.Position, stream.Length));
            }

            await stream.FlushAsync();
            Assert.Equal(model.ToArray(), await File.ReadAllBytesAsync(scenario.PathOf(name)));
        }
    });

    [Theory]
    [InlineData(OpenMode.ReadWrite)]
    [InlineData(OpenMode.ReadWriteExisting)]
    [InlineData(OpenMode.ReadWriteTruncate)]
    [InlineData(OpenMode.ReadWriteNew)]
    public Task It_reads_in_every_mode_that_reads(OpenMode mode) => EngineScenario.RunAsync(
        "sync", async scenario =>
        {
            var path = scenario.PathOf("a.txt");
            if (mode == OpenMode.ReadWriteExisting)
            {
                await File.WriteAllTextAsync(path, "");
            }

            await using var stream = await scenario.Engine.OpenStreamAsync(path, mode);
            Assert.True(stream is { CanRead: true, CanWrite: true });
            await stream.WriteAsync("hello"u8.ToArray());
            stream.Position = 1;
            Assert.Equal('e', stream.ReadByte());
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Text_json_and_gzip_go_there_and_back(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            var numbers = Enumerable.Range(0, 20_000).ToArray();
            var text = string.Join("\n", numbers);

            await using (var writer = new StreamWriter(await CreateAsync(scenario, "text", OpenMode.Write)))
            {
                await writer.WriteAsync(text);
            }

            using (var reader = new StreamReader(await CreateAsync(scenario, "text", OpenMode.Read)))
            {
                Assert.Equal(text, await reader.ReadToEndAsync());
            }

            await using (var stream = await CreateAsync(scenario, "json", OpenMode.CreateNew))
            {
                await JsonSerializer.SerializeAsync(stream, numbers);
            }

            await using (var stream = await CreateAsync(scenario, "json", OpenMode.Read))
            {
                Assert.Equal(numbers, await JsonSerializer.DeserializeAsync<int[]>(stream));
                stream.Position = 0;
                Assert.Equal(numbers, JsonSerializer.Deserialize<int[]>(stream));
            }

            await using (var zip = new GZipStream(
                             await CreateAsync(scenario, "zip", OpenMode.Write), CompressionLevel.Fastest))
            {
                await zip.WriteAsync(Encoding.UTF8.GetBytes(text));
            }

            await using (var zip = new GZipStream(
                             await CreateAsync(scenario, "zip", OpenMode.Read), CompressionMode.Decompress))
            {
                Assert.Equal(text, await new StreamReader(zip).ReadToEndAsync());
            }
        });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Pipes_go_there_and_back(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var content = Text.Pattern(300_000);
        await using (var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.bin"), OpenMode.Write))
        {
            var writer = file.AsPipeWriter();
            foreach (var piece in content.Chunk(777))
            {
                await writer.WriteAsync(piece);
            }

            await writer.CompleteAsync();
        }

        await using (var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.bin"), OpenMode.Read))
        {
            var reader = file.AsPipeReader();
            using var read = new MemoryStream();
            await reader.CopyToAsync(read);
            await reader.CompleteAsync();
            Assert.Equal(content, read.ToArray());
            await using var copied = new MemoryStream();
            await file.AsStream(Small).CopyToAsync(copied);
            Assert.Equal(content, copied.ToArray());
        }
    });

    [Fact]
    public Task Appending_keeps_to_the_end() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var path = scenario.Given("a.txt", "first ");
        await using (var stream = await scenario.Engine.OpenStreamAsync(path, OpenMode.Append))
        {
            Assert.Equal((false, true, 6L, 6L), (stream.CanRead, stream.CanWrite, stream.Position, stream.Length));

            // A StreamWriter looks at the position to see whether it must begin with a byte order mark.
            await using var writer = new StreamWriter(stream, Encoding.UTF8, leaveOpen: true);
            await writer.WriteAsync("second");
            await writer.FlushAsync();
            Assert.Equal(12, stream.Position);
            Assert.Throws<IOException>(() => stream.Position = 0);
            Assert.Throws<NotSupportedException>(() => stream.ReadByte());
        }

        Assert.Equal("first second", scenario.ContentOf("a.txt"));
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public Task The_length_is_the_files_whoever_writes_it(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            foreach (var mode in new[] { OpenMode.ReadWriteTruncate, OpenMode.Append })
            {
                var path = scenario.PathOf($"{mode}");
                await using var file = await scenario.Engine.OpenAsync(path, mode);
                await file.AppendAsync(new byte[1000]);
                await using var stream = file.AsStream();
                Assert.Equal((1000, mode == OpenMode.Append ? 1000 : 0), (stream.Length, stream.Position));
                await file.AppendAsync(new byte[100_000]);
                Assert.Equal(101_000, stream.Length);
                await using (var other = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
                {
                    await other.WriteAsync(new byte[10]);
                }

                Assert.Equal(101_010, mode == OpenMode.Append ? stream.Position : stream.Seek(0, SeekOrigin.End));
                await stream.WriteAsync(new byte[5]);
                Assert.Equal((101_015L, 101_015L), (stream.Length, stream.Position));
                await file.TruncateAsync(7);
                Assert.Equal(mode == OpenMode.Append ? 12 : 101_015, stream.Length);
                await stream.FlushAsync();
                Assert.Equal((stream.Length, stream.Position), (new FileInfo(path).Length, stream.Length));
            }
        });

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_copy_that_fails_leaves_the_position_behind_what_was_taken(bool synchronous) => EngineScenario.RunAsync(
        "sync", async scenario =>
        {
            await using var stream = await scenario.Engine.OpenStreamAsync(
                scenario.Given("a", Text.Pattern(20_000)), OpenMode.Read, Small);
            await using var taken = new MemoryStream(new byte[10_000]);
            await Assert.ThrowsAsync<NotSupportedException>(async () =>
            {
                if (synchronous)
                {
                    stream.CopyTo(taken);
                }
                else
                {
                    await stream.CopyToAsync(taken);
                }
            });
            Assert.Equal((8192, 8192), (stream.Position, taken.Position));
            await using var rest = new MemoryStream();
            await stream.CopyToAsync(rest);
            Assert.Equal(Text.Pattern(20_000)[8192..], rest.ToArray());
        });

    [Fact]
    public Task What_a_mode_does_not_allow_is_not_supported() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var stream = await scenario.Engine.OpenStreamAsync(scenario.Given("a.txt", "text"));
        Assert.Equal((true, false, true), (stream.CanRead, stream.CanWrite, stream.CanSeek));
        Assert.Throws<NotSupportedException>(() => stream.Write([1]));
        await Assert.ThrowsAsync<NotSupportedException>(async () => await stream.WriteAsync(new byte[1]));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(1));
        Assert.Throws<IOException>(() => stream.Seek(-1, SeekOrigin.Begin));
        Assert.Equal(3, stream.Seek(-1, SeekOrigin.End));
        Assert.Equal(('t', -1), ((char)stream.ReadByte(), stream.ReadByte()));
        stream.Flush();
        stream.Dispose();
        stream.Dispose();
        Assert.Equal((false, false, false), (stream.CanRead, stream.CanWrite, stream.CanSeek));
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => stream.Position);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.FlushAsync());
        await Assert.ThrowsAsync<ArgumentException>(async () => await scenario.Engine.OpenStreamAsync(
            scenario.PathOf("b"), OpenMode.Write, new() { File = new OpenOptions { Direct = true } }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await scenario.Engine.OpenStreamAsync(
            scenario.PathOf("b"), OpenMode.Write, new() { BufferSize = 1 }));
        Assert.False(File.Exists(scenario.PathOf("b")));
    });

    [Fact]
    public Task A_shard_is_never_blocked() => EngineScenario.RunAsync("sync", async scenario =>
    {
        await using var stream = await scenario.Engine.OpenStreamAsync(scenario.PathOf("a.txt"), OpenMode.ReadWrite);
        await stream.WriteAsync("text"u8.ToArray());
        var refused = await scenario.OnShardAsync(0, _ => new Action[]
        {
            () => stream.Flush(), () => stream.ReadByte(), () => stream.Write([1]), () => stream.SetLength(1),
            () => stream.Dispose(),
        }.Select(call => Record.Exception(call)).ToArray());
        Assert.All(refused, e => Assert.IsType<InvalidOperationException>(e));
        await stream.FlushAsync();
        Assert.Equal("text", scenario.ContentOf("a.txt"));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_could_not_be_written_is_told_by_the_flush_and_tried_again_at_the_end(int written)
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var stream = await scenario.Engine.OpenStreamAsync(scenario.PathOf("a.txt"), OpenMode.Write);
            await stream.WriteAsync("12345"u8.ToArray());
            driver.Result = operation => operation.Kind != IoKind.Write ? null
                : operation.Done == 0 ? written : -Errno.ENOSPC;
            var failure = await Assert.ThrowsAsync<FileEngineException>(() => stream.FlushAsync());
            Assert.Equal((FailureReason.NoSpace, (long)written), (failure.Reason, failure.BytesDone));
            driver.Result = operation => operation.Kind == IoKind.Write ? -Errno.ENOSPC : null;
            await Assert.ThrowsAsync<FileEngineException>(() => stream.FlushAsync());
            driver.Result = _ => null;
            await stream.DisposeAsync();
            Assert.Equal("12345", scenario.ContentOf("a.txt"));

            stream = await scenario.Engine.OpenStreamAsync(scenario.PathOf("b.txt"), OpenMode.Write);
            await stream.WriteAsync("lost"u8.ToArray());
            driver.Result = operation => operation.Kind == IoKind.Write ? -Errno.ENOSPC : null;
            await Assert.ThrowsAsync<FileEngineException>(async () => await stream.DisposeAsync());
            driver.Result = _ => null;
            await stream.DisposeAsync();
            Assert.Equal(0, scenario.Engine.Buffers.LentBytes);
        });
    }

    [Fact]
    public Task It_holds_a_large_buffer_only_when_it_fills_one() => EngineScenario.RunAsync("sync", async scenario =>
    {
        await using var stream = await scenario.Engine.OpenStreamAsync(
            scenario.PathOf("a.txt"), OpenMode.Write, new FileEngineStreamOptions { BufferSize = 16 << 10 });
        await WriteAsync(10, 4096);
        await WriteAsync(4086, 4096);
        await WriteAsync(1, 16 << 10);
        await FlushAsync();
        await WriteAsync(10, 16 << 10);
        await FlushAsync();
        await WriteAsync(10, 4096);

        async Task WriteAsync(int count, int lent)
        {
            await stream.WriteAsync(new byte[count]);
            Assert.Equal(lent, scenario.Engine.Buffers.LentBytes);
        }

        async Task FlushAsync()
        {
            await stream.FlushAsync();
            await scenario.UntilAsync(() => scenario.Engine.Buffers.LentBytes == 0, "the buffer back");
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Small_writes_in_a_row_go_to_the_file_as_one(bool synchronous) => EngineScenario.RunAsync(
        "sync", async scenario =>
        {
            await using var stream = await CreateAsync(scenario, "a.txt", OpenMode.ReadWrite);
            await scenario.CollectAsync(reset: true);
            foreach (var start in new[] { 0, 5000 })
            {
                stream.Position = start;
                for (var i = 0; i < 100; i++)
                {
                    if (synchronous)
                    {
                        stream.Write("0123456789"u8);
                    }
                    else
                    {
                        await stream.WriteAsync("0123456789"u8.ToArray());
                    }
                }
            }

            await stream.FlushAsync();
            var metrics = await scenario.CollectAsync();
            Assert.Equal((2, 2000), (metrics.Operations, metrics.BytesWritten));
        });

    [Fact]
    public async Task A_second_call_at_a_time_is_refused()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            await using var stream = await CreateAsync(scenario, "a.txt", OpenMode.ReadWrite);
            await stream.WriteAsync("text"u8.ToArray());
            driver.Script = _ => Play.Hold;
            var flush = stream.FlushAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(() => stream.FlushAsync());
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.WriteAsync(new byte[1]));
            await Assert.ThrowsAsync<InvalidOperationException>(() => stream.CopyToAsync(Stream.Null));
            Assert.Throws<InvalidOperationException>(() => stream.Position = 0);
            driver.ReleaseAll();
            await flush;
            Assert.Equal("text", scenario.ContentOf("a.txt"));
        });
    }

    private static async Task<FileEngineStream> CreateAsync(EngineScenario scenario, string name, OpenMode mode) =>
        await scenario.Engine.OpenStreamAsync(scenario.PathOf(name), mode, Small);

    private static async Task StepAsync(FileEngineStream stream, int seed, MemoryStream model)
    {
        var random = new Random(seed);
        var bytes = Text.Pattern(random.Next(random.Next(4) == 0 ? 10_000 : 500), seed & 0xff);
        switch (random.Next(6))
        {
            case 0 or 1:
                await stream.WriteAsync(bytes);
                model.Write(bytes);
                break;
            case 2:
                var read = new byte[bytes.Length];
                Compare(model, read, await stream.ReadAtLeastAsync(read, read.Length, throwOnEndOfStream: false));
                break;
            case 3:
                model.Position = stream.Seek(random.Next(20_000), SeekOrigin.Begin);
                break;
            case 4 when random.Next(5) == 0:
                await stream.SetLengthAsync(bytes.Length);
                model.SetLength(bytes.Length);
                break;
            default:
                await stream.FlushAsync();
                break;
        }
    }

    private static void Step(FileEngineStream stream, int seed, MemoryStream model)
    {
        var random = new Random(seed);
        var bytes = Text.Pattern(random.Next(random.Next(4) == 0 ? 10_000 : 500), seed & 0xff);
        switch (random.Next(6))
        {
            case 0 or 1:
                stream.Write(bytes);
                model.Write(bytes);
                break;
            case 2:
                var read = new byte[bytes.Length];
                Compare(model, read, stream.ReadAtLeast(read, read.Length, throwOnEndOfStream: false));
                break;
            case 3:
                model.Position = stream.Seek(random.Next(20_000), SeekOrigin.Begin);
                break;
            case 4:
                stream.WriteByte(7);
                model.WriteByte(7);
                break;
            default:
                stream.Flush();
                break;
        }
    }

    private static void Compare(MemoryStream model, byte[] read, int count)
    {
        var expected = new byte[read.Length];
        Assert.Equal(model.ReadAtLeast(expected, expected.Length, throwOnEndOfStream: false), count);
        Assert.Equal(expected, read);
    }
}
