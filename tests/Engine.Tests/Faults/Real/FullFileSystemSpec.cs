using Actors.Engine.Drivers;
using Actors.Engine.Files;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>File systems that are full, or not to be written to.</summary>
public sealed class FullFileSystemSpec
{
    public static TheoryData<string> AllAndAuto => [.. BackendProbe.Names, BackendNames.Auto];

    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public async Task What_did_not_fit_is_told_and_with_room_again_the_file_goes_on(string backend)
    {
        await using var disk = await SmallFileSystem.MountAsync();
        await EngineScenario.RunAsync(backend, async scenario =>
        {
            var ballast = disk.PathOf("ballast");
            await File.WriteAllBytesAsync(ballast, new byte[500 << 10]);
            var file = await scenario.OpenAsync(scenario.Probe("client"), disk.PathOf("a"), OpenMode.Write);
            long length = 0;
            var refused = 0;
            for (var i = 0; refused < 3; i++)
            {
                // Of odd sizes, so that the last one fits in part.
                var write = new Write(Text.Pattern(30_001, i), Write.Append, i);
                file.Tell(write);
                var answer = await file.ExpectAsync<EngineEvent>();
                refused += answer is CommandFailed { Reason: FailureReason.NoSpace, Errno: Errno.ENOSPC } ? 1 : 0;
                length += answer is CommandFailed failed ? failed.BytesDone : ((Written)answer).Bytes;
                Assert.Equal(length, new FileInfo(file.Opened.Path).Length);
            }

            Assert.Equal(0, disk.Free);
            File.Delete(ballast);
            file.Append("goes on");
            await file.ExpectWrittenAsync(1);
            Assert.Equal(length + 7, (await file.CloseAsync()).Length);
            Assert.EndsWith("goes on", await File.ReadAllTextAsync(file.Opened.Path), StringComparison.Ordinal);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public async Task A_writer_says_how_far_it_came_and_a_stream_catches_up(string backend)
    {
        await using var disk = await SmallFileSystem.MountAsync();
        await EngineScenario.RunAsync(backend, async scenario =>
        {
            var ballast = disk.PathOf("ballast");
            await File.WriteAllBytesAsync(ballast, new byte[600 << 10]);
            var data = Text.Pattern(200_000);
            var stream = await scenario.Engine.OpenStreamAsync(disk.PathOf("stream"), OpenMode.Write);
            await stream.WriteAsync(data);
            await stream.FlushAsync();
            var writer = await scenario.Engine.OpenWriterAsync(disk.PathOf("writer"));
            var thrown = await Assert.ThrowsAsync<FileEngineException>(async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    await writer.WriteAsync(Text.Pattern(10_000));
                }
            });
            Assert.Equal(FailureReason.NoSpace, thrown.Reason);
            await writer.DisposeAsync();
            Assert.Equal(writer.Written, new FileInfo(writer.File.Path).Length);

            thrown = await Assert.ThrowsAsync<FileEngineException>(async () =>
            {
                await stream.WriteAsync(data.AsMemory(0, 20_000));
                await stream.FlushAsync();
            });
            Assert.Equal(FailureReason.NoSpace, thrown.Reason);
            File.Delete(ballast);
            await stream.FlushAsync();
            await stream.DisposeAsync();
            Assert.True(Text.AreSame(
                [.. data, .. data[..20_000]], await File.ReadAllBytesAsync(disk.PathOf("stream"))));
        });
    }

    /// <summary>What calls that threw said of themselves, and what the others brought, is what is in the file.</summary>
    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public async Task What_a_stream_was_told_is_what_it_finds(string backend)
    {
        await using var disk = await SmallFileSystem.MountAsync();
        await EngineScenario.RunAsync(backend, async scenario =>
        {
            foreach (var (mode, face) in from mode in new[] { OpenMode.Write, OpenMode.Append, OpenMode.ReadWrite }
                                         from face in new[] { "async", "sync", "byte by byte", "in pieces" }
                                         select (mode, face))
            {
                var ballast = disk.PathOf("ballast");
                var path = disk.PathOf("a");
                await File.WriteAllBytesAsync(ballast, new byte[disk.Free - (12 << 10)]);
                await using var stream = await scenario.Engine.OpenStreamAsync(
                    path, mode, new FileEngineStreamOptions { BufferSize = 4 << 10 });
                using var brought = new MemoryStream();
                brought.Write(Text.Pattern(300));
                stream.Write(Text.Pattern(300));
                var data = Text.Pattern(100_000, 7);
                var failure = await Assert.ThrowsAsync<FileEngineException>(() => BringAsync(stream, face, data, brought));
                Assert.Equal(FailureReason.NoSpace, failure.Reason);
                Assert.Equal((brought.Length, brought.Length), (stream.Position, stream.Length));
                File.Delete(ballast);
                await stream.FlushAsync();
                Assert.True(Text.AreSame(brought.ToArray(), await File.ReadAllBytesAsync(path)), $"{mode}, {face}");

                // And it goes on from there.
                stream.Write("more"u8);
                brought.Write("more"u8);
                await stream.DisposeAsync();
                Assert.True(Text.AreSame(brought.ToArray(), await File.ReadAllBytesAsync(path)), $"{mode}, {face}");
                File.Delete(path);
            }
        });
    }

    /// <summary>A whole file in one call: of all that was to be written, not of a piece.</summary>
    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public async Task A_whole_file_that_does_not_fit_says_how_much_of_it_is_there(string backend)
    {
        await using var disk = await SmallFileSystem.MountAsync();
        await EngineScenario.RunAsync(backend, async scenario =>
        {
            var engine = scenario.Engine;
            var path = disk.PathOf("a");
            var text = new string('x', 3_000_000);
            foreach (var write in new Func<Task>[]
                     {
                         () => engine.WriteAllTextAsync(path, text),
                         () => engine.WriteAllTextAsync(path, text, System.Text.Encoding.UTF8),
                         () => engine.WriteAllLinesAsync(path, text.Chunk(1000).Select(line => new string(line))),
                         () => engine.WriteAllBytesAsync(path, new byte[3_000_000]),
                     })
            {
                var failure = await Assert.ThrowsAsync<FileEngineException>(write);
                var length = new FileInfo(path).Length;
                Assert.Equal((FailureReason.NoSpace, length), (failure.Reason, failure.BytesDone));
                Assert.InRange(length, 1 << 19, 1 << 20);
            }
        });
    }

    private static async Task BringAsync(FileEngineStream stream, string face, byte[] data, MemoryStream brought)
    {
        var done = 0;
        try
        {
            while (done < data.Length)
            {
                var count = face == "byte by byte" ? 1 : face == "in pieces" ? 10_000 : data.Length;
                switch (face)
                {
                    case "async":
                        await stream.WriteAsync(data);
                        break;
                    case "sync":
                        stream.Write(data);
                        break;
                    case "byte by byte":
                        stream.WriteByte(data[done]);
                        break;
                    default:
                        await stream.WriteAsync(data.AsMemory(done, count));
                        break;
                }

                brought.Write(data, done, count);
                done += count;
            }
        }
        catch (FileEngineException e)
        {
            brought.Write(data, done, (int)e.BytesDone);
            throw;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public async Task A_file_system_that_was_made_read_only_is_read_on_and_not_written(string backend)
    {
        await using var disk = await SmallFileSystem.MountAsync();
        await EngineScenario.RunAsync(backend, async scenario =>
        {
            await File.WriteAllBytesAsync(disk.PathOf("a"), Text.Pattern(100_000));
            var reader = await scenario.OpenAsync(scenario.Probe("reader"), disk.PathOf("a"), OpenMode.Read);
            await disk.MakeReadOnlyAsync();
            foreach (var mode in Enum.GetValues<OpenMode>().Where(
                         mode => mode is not (OpenMode.Read or OpenMode.CreateNew or OpenMode.ReadWriteNew)))
            {
                var failed = await scenario.FailToOpenAsync(scenario.Probe($"{mode}"), disk.PathOf("a"), mode);
                Assert.Equal((FailureReason.ReadOnlyFileSystem, Errno.EROFS), (failed.Reason, failed.Errno));
            }

            var created = await scenario.FailToOpenAsync(
                scenario.Probe("creator"), disk.PathOf("b"), OpenMode.CreateNew);
            Assert.Equal(FailureReason.ReadOnlyFileSystem, created.Reason);
            reader.Tell(new ReadAll());
            Assert.Equal(100_000, (await reader.ExpectAsync<WholeFile>()).Data.Length);
            await reader.CloseAsync();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public async Task A_device_that_is_always_full_refuses_each_write(string backend)
    {
        Skip.IfNot(File.Exists("/dev/full"), "no /dev/full here");
        await EngineScenario.RunAsync(backend, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "/dev/full", OpenMode.Write);
            foreach (var size in new[] { 1, 5_000, 100_000 })
            {
                file.Tell(new Write(new byte[size]));
                var failed = await file.ExpectFailureAsync(FailureReason.NoSpace);
                Assert.Equal((0, Errno.ENOSPC), (failed.BytesDone, failed.Errno));
            }

            await file.CloseAsync();
            var writer = await scenario.Engine.OpenWriterAsync("/dev/full");
            await writer.WriteAsync("accepted");
            var thrown = await Assert.ThrowsAsync<FileEngineException>(() => writer.DisposeAsync().AsTask());
            Assert.Equal((FailureReason.NoSpace, 0), (thrown.Reason, writer.Written));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public async Task A_file_that_may_not_be_changed_is_not_opened_for_it(string backend)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "attributes of Linux");
        Tool.SkipUnlessRoot();
        Tool.SkipUnlessThere("chattr");
        await EngineScenario.RunAsync(backend, async scenario =>
        {
            var path = scenario.Given("a", "content");
            var changed = await Tool.RunAsync(["chattr", "+i", path]);
            Skip.If(changed.ExitCode != 0, $"this file system has no such attribute: {changed.Output}");
            try
            {
                var failed = await scenario.FailToOpenAsync(scenario.Probe("client"), "a", OpenMode.ReadWrite);
                Assert.Equal((FailureReason.AccessDenied, Errno.EPERM), (failed.Reason, failed.Errno));
            }
            finally
            {
                await Tool.DoAsync("chattr", "-i", path);
            }

            Assert.Equal("content", scenario.ContentOf("a"));
        });
    }
}
