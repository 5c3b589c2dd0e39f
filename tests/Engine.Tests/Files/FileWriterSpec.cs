using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>What a writer accepts is in the file, in order, or somebody is told that it is not.</summary>
public sealed class FileWriterSpec
{
    private static readonly FileWriterOptions Small = new() { BufferSize = 4 << 10 };

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Everything_accepted_lands_in_order(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        using var expected = new MemoryStream();
        var random = new Random(4);
        await using (var writer = await scenario.Engine.OpenWriterAsync(
                         scenario.PathOf("a.bin"), OpenMode.Write, Small))
        {
            for (var i = 0; i < 1000; i++)
            {
                var data = Text.Pattern(random.Next(random.Next(10) == 0 ? 20_000 : 300), i);
                expected.Write(data);
                switch (random.Next(4))
                {
                    case 0:
                        await writer.WriteAsync(data);
                        break;
                    case 1:
                        await writer.WriteAsync(Text.Of(data));
                        break;
                    case 2:
                        data.CopyTo(writer.GetSpan(data.Length));
                        writer.Advance(data.Length);
                        break;
                    default:
                        await writer.WriteLineAsync(data);
                        expected.WriteByte((byte)'\n');
                        break;
                }

                Assert.Equal(expected.Length, writer.Accepted);
                if (random.Next(50) == 0)
                {
                    await writer.FlushAsync();
                    Assert.Equal(expected.Length, writer.Written);
                    Assert.Equal(expected.Length, new FileInfo(writer.File.Path).Length);
                }
            }

            Assert.Equal(expected.Length, await writer.SyncAsync());
        }

        Assert.Equal(expected.ToArray(), await File.ReadAllBytesAsync(scenario.PathOf("a.bin")));
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Lines_of_many_callers_land_whole(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        await using (var writer = await scenario.Engine.OpenWriterAsync(
                         scenario.PathOf("a.txt"), OpenMode.Write, Small))
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(caller => Task.Run(async () =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    await writer.WriteLineAsync($"{caller} {i}");
                }
            })));
        }

        var lines = await File.ReadAllLinesAsync(scenario.PathOf("a.txt"));
        Assert.Equal(10_000, lines.Length);
        foreach (var caller in lines.GroupBy(line => line.Split(' ')[0]))
        {
            Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{caller.Key} {i}"), caller);
        }
    });

    [Fact]
    public async Task A_caller_faster_than_the_disk_waits_and_may_give_up_the_wait()
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"), OpenMode.Write, Small);
            driver.Script = _ => Play.Hold;
            var data = Text.Pattern(1000);
            var accepted = 0;
            var last = default(ValueTask);
            using var cancellation = new CancellationTokenSource();
            for (; last.IsCompletedSuccessfully; accepted += data.Length)
            {
                last = writer.WriteAsync(data, cancellation.Token);
            }

            Assert.InRange(accepted, 2 * Small.BufferSize, (2 * Small.BufferSize) + data.Length);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await last);
            Assert.True(writer.WriteAsync(data, cancellation.Token).IsCanceled);
            Assert.Equal(accepted, writer.Accepted);

            // Memory that is not copied is the engine's until it is written, cancelled or not.
            using var later = new CancellationTokenSource();
            var large = writer.WriteAsync(Text.Pattern(2 * Small.BufferSize), later.Token).AsTask();
            await later.CancelAsync();
            Assert.False(large.IsCompleted);
            driver.ReleaseAll();
            await large;
            await writer.DisposeAsync();
            Assert.Equal(accepted + (2 * Small.BufferSize), new FileInfo(scenario.PathOf("a.txt")).Length);
        });
    }

    [Fact]
    public async Task A_failure_is_told_by_the_next_calls_and_not_again_at_the_end()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"));
            await writer.WriteAsync("good ");
            await writer.FlushAsync();
            driver.Result = FailAfter(3);
            await writer.WriteAsync("12345");
            var failed = await Assert.ThrowsAsync<FileEngineException>(async () => await writer.FlushAsync());
            Assert.Equal((3L, false), (failed.BytesDone, failed.IsUnfinished));
            driver.Result = _ => null;

            // What follows something that was not written is not tried.
            for (var i = 0; i < 2; i++)
            {
                var e = await Assert.ThrowsAsync<FileEngineException>(async () => await writer.WriteLineAsync("x"));
                Assert.Equal((FailureReason.NoSpace, Errno.ENOSPC, 0L), (e.Reason, e.Errno, e.BytesDone));
            }

            Assert.Equal((10L, 8L), (writer.Accepted, writer.Written));
            await writer.DisposeAsync();
            Assert.Equal("good 123", scenario.ContentOf("a.txt"));
        });
    }

    [Fact]
    public async Task Only_a_call_whose_bytes_may_still_be_written_is_unfinished()
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var writer = await scenario.Engine.OpenWriterAsync(
                scenario.PathOf("a.txt"), OpenMode.Write,
                Small with { File = new OpenOptions { OperationTimeout = TimeSpan.FromMilliseconds(100) } });
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
            var held = writer.WriteAsync(new byte[5000]).AsTask();
            var behind = writer.WriteAsync(new byte[5000]).AsTask();
            var failure = await Assert.ThrowsAsync<FileEngineException>(() => held);
            Assert.Equal((FailureReason.TimedOut, true), (failure.Reason, failure.IsUnfinished));
            failure = await Assert.ThrowsAsync<FileEngineException>(() => behind);
            Assert.Equal((FailureReason.TimedOut, false), (failure.Reason, failure.IsUnfinished));
            driver.ReleaseAll();
            await Assert.ThrowsAsync<FileEngineException>(async () => await writer.DisposeAsync());
        });
    }

    [Fact]
    public async Task What_was_gathered_before_a_failure_counts_as_accepted_to_the_end()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"), OpenMode.Write, Small);
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
            await writer.WriteAsync(new byte[3000]);
            await writer.WriteAsync(new byte[3000]);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the full buffer in the kernel");
            driver.ReleaseOldest(-Errno.ENOSPC);
            await scenario.UntilAsync(() => writer.WriteAsync(Array.Empty<byte>()).IsFaulted, "the failure told");
            Assert.Equal((6000, 0), (writer.Accepted, writer.Written));
            await writer.DisposeAsync();
            Assert.Equal((6000, 0), (writer.Accepted, writer.Written));
        });
    }

    /// <summary>Each call's own part of what is in the file, whichever operation has carried it.</summary>
    [Fact]
    public async Task A_failed_call_says_how_much_of_it_is_in_the_file()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"), OpenMode.Write, Small);
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
            await writer.WriteAsync(new byte[3000]);
            var one = writer.WriteAsync(new byte[7000]).AsTask();
            var two = writer.WriteAsync(new byte[6000]).AsTask();
            var flush = writer.FlushAsync().AsTask();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the first buffer in the kernel");

            // Of 3,000 and 7,000 bytes a part goes through, then nothing more.
            driver.Result = operation => operation.Kind == IoKind.Write ? -Errno.ENOSPC : null;
            driver.Script = _ => Play.Perform;
            driver.ReleaseOldest(2000);
            Assert.Equal(0, await DoneOfAsync(two));
            Assert.Equal(0, await DoneOfAsync(one));
            Assert.Equal(2000, await DoneOfAsync(flush));
            Assert.Equal((16_000L, 2000L), (writer.Accepted, writer.Written));
            await writer.DisposeAsync();
            Assert.Equal(16_000, writer.Accepted);
        });

        static async Task<long> DoneOfAsync(Task call)
        {
            var failure = await Assert.ThrowsAsync<FileEngineException>(() => call);
            Assert.False(failure.IsUnfinished);
            return failure.BytesDone;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Memory_that_was_given_out_stays_its_callers_whatever_comes_between(string backend) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            await using (var writer = await scenario.Engine.OpenWriterAsync(
                             scenario.PathOf("a.txt"), OpenMode.Write, Small))
            {
                foreach (var start in new[] { "", "begun " })
                {
                    await writer.WriteAsync(start);
                    var memory = writer.GetMemory(5);
                    await writer.FlushAsync();
                    Assert.Equal(writer.Accepted, writer.Written);
                    await writer.WriteAsync("between ");
                    await writer.WriteAsync(new string('x', 9000));
                    "given"u8.CopyTo(memory.Span);
                    Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(memory.Length + 1));
                    writer.Advance(5);
                    Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(1));

                    // The same memory is given again as long as nothing was said of it.
                    var again = writer.GetMemory();
                    await writer.WriteAsync(" and ");
                    Assert.True(again.Span.Overlaps(writer.GetMemory().Span));
                    writer.Advance(0);
                    await writer.WriteAsync("\n");
                }

                writer.GetMemory();
            }

            var line = $"between {new string('x', 9000)}given and \n";
            Assert.Equal($"{line}begun {line}", scenario.ContentOf("a.txt"));
        });

    /// <summary>A writer holds what it has gathered, rounded to pages; one that has nothing holds nothing.</summary>
    [Fact]
    public Task A_thousand_writers_hold_what_they_have_gathered() => EngineScenario.RunAsync(
        "sync",
        async scenario =>
        {
            const int Files = 1000;
            var writers = new List<FileWriter>();
            for (var i = 0; i < Files; i++)
            {
                writers.Add(await scenario.Engine.OpenWriterAsync(scenario.PathOf($"{i}")));
                await writers[i].WriteAsync("a line");
            }

            Assert.InRange(scenario.Engine.Buffers.LentBytes, Files * 4096L, Files * 4096L);
            foreach (var writer in writers)
            {
                await writer.FlushAsync();
            }

            Assert.Equal(0, scenario.Engine.Buffers.LentBytes);

            // As full as they get: 1 MiB, and two smallest buffers of each.
            foreach (var writer in writers)
            {
                await writer.WriteAsync(new byte[10_000]);
                await writer.WriteAsync(new byte[20_000]);
            }

            Assert.InRange(scenario.Engine.Buffers.LentBytes, 1, (1 << 20) + (Files * 2 * 4096L));
            foreach (var writer in writers)
            {
                await writer.DisposeAsync();
                Assert.Equal(30_006, new FileInfo(writer.File.Path).Length);
            }
        },
        "actors.engine.file.credit-bytes-total = 1MiB");

    [Fact]
    public async Task A_failure_nobody_was_told_of_is_told_at_the_end_once()
    {
        var driver = new ScriptedDriver { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"));
            driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
            await writer.WriteAsync("lost");
            using var cancellation = new CancellationTokenSource();
            var flush = writer.FlushAsync(cancellation.Token).AsTask();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the write in the kernel");
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);

            // Whoever waited has gone before it failed.
            driver.ReleaseOldest(-Errno.ENOSPC);
            var failure = await Assert.ThrowsAsync<FileEngineException>(async () => await writer.DisposeAsync());
            Assert.Equal(FailureReason.NoSpace, failure.Reason);
            await writer.DisposeAsync();
            driver.ReleaseAll();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_full_device_is_told(string backend)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full is a Linux device");
        return EngineScenario.RunAsync(backend, async scenario =>
        {
            var writer = await scenario.Engine.OpenWriterAsync("/dev/full");
            await writer.WriteLineAsync("no room");
            var failure = await Assert.ThrowsAsync<FileEngineException>(async () => await writer.DisposeAsync());
            Assert.Equal((FailureReason.NoSpace, Errno.ENOSPC), (failure.Reason, failure.Errno));
            await writer.DisposeAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task An_engine_that_stops_under_a_writer_is_told(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"), OpenMode.Write, Small);
            await writer.WriteAsync("written");
            await writer.FlushAsync();
            await writer.WriteAsync("lost");
            await scenario.StopAsync();
            var failure = await Assert.ThrowsAsync<FileEngineException>(async () => await writer.DisposeAsync());
            Assert.Equal(FailureReason.NotOpen, failure.Reason);
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await writer.WriteAsync("late"));
            Assert.Equal("written", scenario.ContentOf("a.txt"));
        });

    [Fact]
    public async Task Disposed_of_with_writes_under_way_it_finishes_them()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"), OpenMode.Write, Small);
            driver.Script = _ => Play.Hold;
            var data = Text.Pattern(7 * Small.BufferSize);
            var write = writer.WriteAsync(Text.Of(data)).AsTask();
            var disposed = writer.DisposeAsync().AsTask();
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the first buffer in the kernel");
            Assert.False(disposed.IsCompleted);
            driver.ReleaseAll();
            await write;
            await disposed;
            Assert.Equal(data, await File.ReadAllBytesAsync(scenario.PathOf("a.txt")));
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await writer.WriteAsync("late"));
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await writer.FlushAsync());
            Assert.Throws<ObjectDisposedException>(() => writer.GetSpan());
        });
    }

    [Fact]
    public Task Nothing_is_nothing_to_write() => EngineScenario.RunAsync("sync", async scenario =>
    {
        await using var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"));
        await scenario.CollectAsync(reset: true);
        await writer.FlushAsync();
        writer.GetSpan(10);
        writer.Advance(0);
        await writer.FlushAsync();
        Assert.Equal(0, (await scenario.CollectAsync()).Operations);
    });

    [Fact]
    public Task One_byte_is_something_to_write() => EngineScenario.RunAsync("sync", async scenario =>
    {
        await using (var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt")))
        {
            await writer.WriteAsync("a");
            await writer.FlushAsync();
            Assert.Equal("a", scenario.ContentOf("a.txt"));
            await writer.WriteAsync("b");
        }

        Assert.Equal("ab", scenario.ContentOf("a.txt"));
    });

    [Fact]
    public Task Json_is_written_without_a_copy() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var numbers = Enumerable.Range(0, 10_000).ToArray();
        await using (var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.json")))
        {
            await using var json = new Utf8JsonWriter((IBufferWriter<byte>)writer);
            JsonSerializer.Serialize(json, numbers);
        }

        Assert.Equal(numbers, JsonSerializer.Deserialize<int[]>(scenario.ContentOf("a.json")));
    });

    [Fact]
    public Task Options_that_cannot_be_are_refused_before_anything_is_opened() => EngineScenario.RunAsync(
        "sync", async scenario =>
        {
            foreach (var size in new[] { 0, 4095, (1 << 20) + 1 })
            {
                await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => OpenAsync(new() { BufferSize = size }));
            }

            await Assert.ThrowsAsync<ArgumentException>(() => OpenAsync(Small, OpenMode.Read));
            var direct = await Assert.ThrowsAsync<ArgumentException>(
                () => OpenAsync(new() { File = new OpenOptions { Direct = true } }));
            Assert.Contains("direct I/O", direct.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(scenario.PathOf("a.txt")));

            async Task OpenAsync(FileWriterOptions options, OpenMode mode = OpenMode.Write) =>
                await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"), mode, options);
        });

    [Fact]
    public Task Interpolated_strings_come_out_as_strings_do() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var culture = CultureInfo.GetCultureInfo("");
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), Encoding.Unicode })
        {
            var expected = new StringBuilder();
            await using (var writer = await scenario.Engine.OpenWriterAsync(
                             scenario.PathOf("a.txt"), OpenMode.Write, Small with { Encoding = encoding }))
            {
                var (number, text, time, id) = (-1234.5, "ä€😀", new DateTime(2026, 1, 2), Guid.NewGuid());
                string? none = null;
                var big = new string('x', 100_000);
                await writer.WriteLineAsync($"{number} {number:F3} |{number,12}|{number,-12:F1}|");
                expected.Append($"{number} {number:F3} |{number,12}|{number,-12:F1}|\n");
                await writer.WriteLineAsync($"{text}|{text,6}|{text,-6}|{none}|{none,3}|{'c'}|{true}");
                expected.Append($"{text}|{text,6}|{text,-6}|{none}|{none,3}|{'c'}|{true}\n");
                await writer.WriteAsync(culture, $"{time:O} {id} {DayOfWeek.Monday} {(object)7,4}\n");
                expected.Append(culture, $"{time:O} {id} {DayOfWeek.Monday} {(object)7,4}\n");
                await writer.WriteLineAsync($"{big}{text.AsSpan(0, 2)}{(int?)null}{(int?)5}");
                expected.Append($"{big}{text.AsSpan(0, 2)}{(int?)null}{(int?)5}\n");
                await writer.WriteLineAsync($"nested {new Nested(writer)}");
                expected.Append("inner\nnested outer\n");
            }

            Assert.Equal(expected.ToString(), await File.ReadAllTextAsync(scenario.PathOf("a.txt"), encoding));
        }
    });

    [Fact]
    public Task An_argument_that_cannot_be_formatted_writes_nothing() => EngineScenario.RunAsync(
        "sync", async scenario =>
    {
        await using var writer = await scenario.Engine.OpenWriterAsync(scenario.PathOf("a.txt"));
        Assert.Throws<FormatException>(() => { _ = writer.WriteLineAsync($"before {1:?}{new Guid():wrong}"); });
        Assert.Equal(0, writer.Accepted);
        await writer.WriteLineAsync($"after {1}");
        Assert.Equal(8, writer.Accepted);
    });

    [SkippableFact]
    public Task An_interpolated_line_costs_no_memory() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var compiled = typeof(FileEngine).Assembly.GetCustomAttribute<DebuggableAttribute>();
        Skip.If(compiled is { IsJITOptimizerDisabled: true }, "a Debug build boxes; dotnet test -c Release does not");
        await using var writer = await scenario.Engine.OpenWriterAsync(
            scenario.PathOf("a.txt"), OpenMode.Write, new() { BufferSize = 1 << 20 });

        // Enough for the buffer of its full size.
        Write(writer, 1_000);
        Assert.Equal(0, Write(writer, 10_000));
    });

    /// <returns>Bytes allocated. All within one buffer, so that no call waits and this thread does
    /// everything.</returns>
    private static long Write(FileWriter writer, int lines)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < lines; i++)
        {
            var written = writer.WriteLineAsync($"line {i} of {lines}, {i * 0.5:F2}");
            if (!written.IsCompletedSuccessfully)
            {
                return -1;
            }
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Of the next write so many bytes go through; then every attempt fails.</summary>
    private static Func<IoOperation, long?> FailAfter(long bytes) => operation => operation.Kind != IoKind.Write ? null
        : operation.Done == 0 && operation.Length > bytes ? bytes : -Errno.ENOSPC;

    /// <summary>An argument that writes to the same file while it is formatted.</summary>
    private sealed class Nested(FileWriter writer)
    {
        public override string ToString()
        {
            _ = writer.WriteLineAsync($"in{"ner"}");
            return "outer";
        }
    }
}
