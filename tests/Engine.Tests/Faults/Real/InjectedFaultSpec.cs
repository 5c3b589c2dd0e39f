using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Tests.Faults.Nth;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>System calls that a tracer makes fail, under the real drivers: what the kernel says is what the client
/// hears.</summary>
public sealed class InjectedFaultSpec
{
    /// <summary>Backends that perform transfers by pwrite and pread, each on one thread, since the tracer counts by
    /// thread.</summary>
    private const string OneThread =
        "actors.engine { shards = 1, backend.thread-pool.workers = 1, writer.coalesce = off }";

    private static readonly string[] BySystemCall =
        [BackendNames.ThreadPool, BackendNames.Sync, BackendNames.SyncThread];

    [SkippableFact]
    public Task Interrupted_calls_are_repeated_and_nobody_hears_of_it() => RunAsync(
        UnharmedAsync, [.. BySystemCall, BackendNames.Auto],
        [
            .. new[] { "pwritev2", "pwrite64", "preadv2", "fdatasync", "fsync", "ftruncate", "fallocate" }
                .Select(call => $"{call}:error=EINTR:when=1+2"),
        ]);

    [SkippableFact]
    public Task Rings_that_are_busy_or_interrupted_are_asked_again() => RunAsync(
        UnharmedAsync, [BackendNames.IoUring, BackendNames.LinuxAio],
        "io_uring_enter:error=EINTR:when=3+3", "io_submit:error=EAGAIN:when=2+3", "io_getevents:error=EINTR:when=1+2");

    [SkippableFact]
    public Task A_ring_whose_kernel_is_busy_is_asked_again() => RunAsync(
        UnharmedAsync, [BackendNames.IoUring, BackendNames.Auto], "io_uring_enter:error=EBUSY:when=4+2");

    [SkippableFact]
    public Task A_disk_that_is_full_from_the_third_write_on_fails_these() =>
        RunAsync(FullAsync, BySystemCall, "pwritev2,pwrite64:error=ENOSPC:when=3+");

    [SkippableFact]
    public Task A_write_that_stops_after_a_byte_is_continued() =>
        RunAsync(ShortAsync, BySystemCall, "pwritev2,pwrite64:retval=1:when=1");

    [SkippableTheory]
    [InlineData("fdatasync")]
    [InlineData("fsync")]
    public Task A_sync_that_fails_poisons_and_is_not_repeated(string call) =>
        RunAsync(PoisonedAsync, BySystemCall, $"{call}:error=EIO:when=1");

    [SkippableTheory]
    [InlineData("EIO")]
    [InlineData("EINTR")]
    public async Task A_device_that_fails_to_read_fails_the_reads_but_for_interruptions(string error)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "system calls of Linux");
        using var directory = MemoryDirectory.Create();
        var path = Path.Combine(directory.Path, "a.txt");
        await Child.RunAsync(
            UnreadableAsync, [.. await Strace.InjectAsync($"pread64:error={error}:when=1+2"), "-P", path],
            [path, error, .. BySystemCall]);
    }

    public static Task UnharmedAsync(string[] backends) => Child.ForEachAsync(backends, backend =>
    {
        var plan = new FaultPlan();
        return EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                FileSystemOf.SkipUnlessAllocates(scenario.Directory);
                var round = new FailNthRound(scenario, plan, scenario.Directory);
                for (var i = 0; i < 3; i++)
                {
                    await round.PlayAsync(0, _ => null);
                }
            },
            "actors.engine.backend.sync-thread.threads-max = 8",
            new DriverSetup(_ => FailNthRound.Wrap(backend, plan)));
    });

    public static Task FullAsync(string[] backends) => ForEachFileAsync(backends, async file =>
    {
        file.Append("one");
        file.Append("two");
        await file.ExpectWrittenAsync(2);
        for (var i = 0; i < 3; i++)
        {
            var write = new Write(Text.Bytes("no room"));
            file.Tell(write);
            var failed = await file.ExpectFailureAsync(FailureReason.NoSpace, write);
            Assert.Equal((0, Errno.ENOSPC), (failed.BytesDone, failed.Errno));
        }

        Assert.Equal(6, (await file.CloseAsync()).Length);
        Assert.Equal("onetwo", await File.ReadAllTextAsync(file.Opened.Path));
    });

    public static Task ShortAsync(string[] backends) => ForEachFileAsync(backends, async file =>
    {
        file.Append("abcdef");
        await file.ExpectWrittenAsync(1);

        // The tracer only says that a byte was written.
        Assert.Equal(5, (await file.CloseAsync()).Length);
        Assert.Equal("bcdef", await File.ReadAllTextAsync(file.Opened.Path));
    });

    public static Task PoisonedAsync(string[] backends) => ForEachFileAsync(backends, async file =>
    {
        // By the time the second is performed the tracer lets every call through: only the poison answers.
        var scopes = new[] { SyncScope.Data, SyncScope.All };
        file.Append("not durable");
        await file.ExpectWrittenAsync(1);
        var failed = 0;
        foreach (var scope in scopes.Concat(scopes))
        {
            file.Tell(new Sync(scope));
            var answer = await file.ExpectAsync<object>();
            failed += answer is CommandFailed { Reason: FailureReason.SyncFailed, Errno: Errno.EIO } ? 1 : 0;
            Assert.True(failed > 0 == answer is CommandFailed, $"{answer}");
        }

        Assert.InRange(failed, 3, 4);
        file.Append("refused");
        await file.ExpectFailureAsync(FailureReason.SyncFailed);
        await file.CloseAsync();
    });

    public static Task UnreadableAsync(string[] arguments) => ForEachFileAsync(
        arguments[2..],
        async file =>
        {
            var interrupted = arguments[1] == nameof(Errno.EINTR);
            file.WriteAt(0, "content");
            await file.ExpectWrittenAsync(1);
            for (var i = 0; i < 3; i++)
            {
                // Every second call of the thread fails; an interrupted one is followed by its repetition.
                file.Tell(new Read(0, new byte[7]));
                if (i % 2 == 0 && !interrupted)
                {
                    Assert.Equal(Errno.EIO, (await file.ExpectFailureAsync(FailureReason.IoError)).Errno);
                }
                else
                {
                    Assert.Equal("content", Text.Of((await file.ExpectAsync<DataRead>()).Data));
                }
            }

            await file.CloseAsync();
        },
        arguments[0]);

    private static Task ForEachFileAsync(string[] backends, Func<ClientFile, Task> play, string path = "a.txt")
    {
        // Its writes are not to count: here they are another thread's.
        _ = OperatingSystem.IsLinux() && LinuxCalls.CanLeaveEnd;
        return Child.ForEachAsync(
            backends,
            backend => EngineScenario.RunAsync(
                backend,
                async scenario =>
                {
                    scenario.Faults.Expect(fault => fault is Akka.Event.Error);
                    await play(await scenario.OpenAsync(scenario.Probe("client"), path, OpenMode.ReadWrite));
                },
                OneThread));
    }

    private static async Task RunAsync(Func<string[], Task> body, string[] backends, params string[] faults)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "system calls of Linux");
        await Child.RunAsync(body, await Strace.InjectAsync(faults), backends);
    }
}
