using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>A system that refuses a backend, as containers do: its name is refused with the reason, auto does without.
/// A tracer makes the system calls fail.</summary>
public sealed class SetupRefusedSpec
{
    [SkippableFact]
    public Task Forbidden_interfaces_are_refused_by_name_and_passed_over_by_auto() =>
        RunAsync(ForbiddenAsync, "io_uring_setup:error=EPERM", "io_setup:error=ENOSYS");

    [SkippableTheory]
    [InlineData("io_uring_register")]
    [InlineData("io_uring_enter")]
    public Task A_ring_that_can_be_set_up_and_not_used_is_refused_too(string call) =>
        RunAsync(UselessRingAsync, $"{call}:error=EPERM");

    [SkippableFact]
    public Task No_memory_for_a_ring_is_told() => RunAsync(NoMemoryAsync, "io_uring_setup:error=ENOMEM");

    [SkippableFact]
    public Task Auto_that_finds_nothing_to_fall_back_on_does_not_advise_auto() =>
        RunAsync(NoWakeUpsAsync, "eventfd2:error=ENOSYS");

    [SkippableTheory]
    [InlineData(1, new[] { BackendNames.IoUring, BackendNames.LinuxAio, BackendNames.Sync, BackendNames.SyncThread })]
    [InlineData(2, new[] { BackendNames.ThreadPool })]
    public async Task A_driver_that_is_made_in_part_is_given_back(int descriptors, string[] backends)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "system calls of Linux");
        var wrapper = await Strace.InjectAsync($"eventfd2:error=EMFILE:when={descriptors}+");
        await Child.RunAsync(InPartAsync, wrapper, backends);
    }

    public static Task InPartAsync(string[] backends)
    {
        foreach (var backend in backends)
        {
            AssertRefused(backend, "Too many open files");
        }

        return Task.CompletedTask;
    }

    public static async Task ForbiddenAsync(string[] _)
    {
        AssertRefused(BackendNames.IoUring, "io_uring_setup: not permitted");
        AssertRefused(BackendNames.LinuxAio, "io_setup failed with ENOSYS");
        await AssertAutoPassesOverAsync("io_uring_setup: not permitted");
    }

    public static async Task UselessRingAsync(string[] _)
    {
        AssertRefused(BackendNames.IoUring, "io_uring_");
        await AssertAutoPassesOverAsync("io_uring_");
    }

    public static Task NoWakeUpsAsync(string[] _)
    {
        foreach (var backend in new[] { BackendNames.Auto, BackendNames.ThreadPool })
        {
            var refused = Assert.Throws<FileEngineConfigurationException>(
                () => FileEngine.Start(new FileEngineOptions { BackendName = backend }));
            Assert.Contains("Allow eventfd2", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("limit of open files", refused.Message, StringComparison.Ordinal);
            Assert.Equal(
                backend != BackendNames.Auto,
                refused.Message.Contains("backend-name = auto.", StringComparison.Ordinal));
        }

        return Task.CompletedTask;
    }

    public static async Task NoMemoryAsync(string[] _)
    {
        AssertRefused(BackendNames.IoUring, "RLIMIT_MEMLOCK");
        await AssertAutoPassesOverAsync("RLIMIT_MEMLOCK");
    }

    private static void AssertRefused(string backend, string reason)
    {
        for (var i = 0; i < 3; i++)
        {
            Refuse(backend, reason);
        }

        Assert.True(SpinWait.SpinUntil(() => OpenDescriptors.OfDrivers() == 0, EngineScenario.Patience));
    }

    private static void Refuse(string backend, string reason)
    {
        var refused = Assert.Throws<FileEngineConfigurationException>(
            () => FileEngine.Start(new FileEngineOptions { BackendName = backend }));
        Assert.Contains(backend, refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private static async Task AssertAutoPassesOverAsync(string reason)
    {
        await using var engine = FileEngine.Start();
        Assert.Equal(BackendNames.ThreadPool, engine.Backend);
        Assert.Contains(reason, engine.BackendReason, StringComparison.Ordinal);
        var path = Path.GetTempFileName();
        await using (var file = await engine.OpenAsync(path, OpenMode.ReadWrite))
        {
            await file.AppendAsync(Text.Pattern(100_000));
            await file.SyncAsync();
        }

        Assert.Equal(100_000, new FileInfo(path).Length);
        File.Delete(path);
    }

    private static async Task RunAsync(Func<string[], Task> body, params string[] faults)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "interfaces of Linux");
        Backends.SkipUnlessAvailable(BackendNames.IoUring);
        await Child.RunAsync(body, await Strace.InjectAsync(faults));
    }
}
