using Actors.Engine;
using Actors.Host.Commands;
using Actors.Host.Running;
using Actors.Host.Scenarios;

namespace Actors.Host.Tests.Running;

public sealed class BackendSelectionTests
{
    private const string Remedy = "io_uring_setup: EPERM. Allow it with sysctl kernel.io_uring_disabled=0.";

    private static readonly IReadOnlyList<BackendStatus> Statuses =
    [
        new("io-uring", false, Remedy, ""),
        new("linux-aio", true, "", ""),
        new("thread-pool", true, "", ""),
        new("sync", true, "", ""),
        new("sync-thread", true, "", ""),
    ];

    [Fact]
    public void Available_takes_what_there_is_and_lists_the_missing()
    {
        var selection = BackendSelection.Select(Scenario([ScenarioSettings.Available]), Statuses);
        Assert.Equal(["linux-aio", "thread-pool", "sync", "sync-thread"], selection.Chosen.Select(c => c.Backend));
        Assert.Contains(selection.Statuses, s => s is { Name: "io-uring", Available: false, Reason: Remedy });
    }

    [Fact]
    public void Skipped_backends_are_left_out_and_say_so()
    {
        var selection = BackendSelection.Select(
            Scenario([ScenarioSettings.Available], ["sync-thread", "sync"]), Statuses);
        Assert.Equal(["linux-aio", "thread-pool"], selection.Chosen.Select(c => c.Backend));
        Assert.Contains("skip-backends", selection.Statuses.Single(s => s.Name == "sync").Reason);
    }

    [Fact]
    public void A_named_backend_that_is_missing_is_an_error_with_its_remedy()
    {
        var e = Assert.Throws<UsageException>(() => BackendSelection.Select(Scenario(["sync", "io-uring"]), Statuses));
        Assert.Contains("io-uring", e.Message);
        Assert.Contains(Remedy, e.Message);
        Assert.Contains("thread-pool", e.Message);
    }

    [Fact]
    public void Auto_takes_another_and_says_why()
    {
        var selection = BackendSelection.Select(Scenario([ScenarioSettings.Auto]), Statuses);
        var (setting, backend) = Assert.Single(selection.Chosen);
        Assert.Equal("auto", setting);
        Assert.NotEqual("io-uring", backend);
        var auto = selection.Statuses[0];
        Assert.Equal("auto", auto.Name);
        Assert.Contains(backend, auto.Reason);
        Assert.Contains("EPERM", auto.Reason);
    }

    private static ScenarioSettings Scenario(IReadOnlyList<string> backends, IReadOnlyList<string>? skipped = null) =>
        new("test", "out", 1, "{file}", backends, skipped ?? [], true, 0, []);
}
