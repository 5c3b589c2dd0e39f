using Actors.Engine.Backpressure;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Backpressure;

/// <summary>What may be unanswered is bounded for the engine as a whole, however many files are open.</summary>
public sealed class CreditBudgetSpec
{
    private const int Window = 256 << 10;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5_000)]
    public void The_windows_of_many_files_come_to_no_more_than_the_budget_and_the_smallest_of_each(int files)
    {
        const long Total = 64 << 20;
        var budget = new CreditBudget(Total, Window);
        var windows = Enumerable.Range(0, files).Select(_ => budget.Take()).ToArray();
        Assert.Equal(Window, windows[0]);
        Assert.All(windows, window => Assert.InRange(window, CreditBudget.WindowMin, Window));
        Assert.True(windows.Sum(window => (long)window) <= Total + (long)files * CreditBudget.WindowMin);

        foreach (var window in windows)
        {
            budget.Give(window);
        }

        Assert.Equal(Window, budget.Take());
    }

    [Fact]
    public Task A_file_that_is_closed_gives_its_window_to_the_next() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var client = scenario.Probe("client");
        var files = new List<ClientFile>();
        for (var i = 0; i < 100; i++)
        {
            files.Add(await scenario.OpenAsync(client, $"{i}", OpenMode.Write));
        }

        Assert.Equal(64 << 10, files[0].Opened.CreditBytes);
        Assert.Equal(CreditBudget.WindowMin, files[^1].Opened.CreditBytes);

        // A window is what may be unanswered: a client that keeps to it is never refused, and a larger command goes alone.
        files[^1].Append(new string('x', 100_000));
        await files[^1].ExpectWrittenAsync(1);
        foreach (var file in files)
        {
            await file.CloseAsync();
        }

        await scenario.UntilNoFileIsOpenAsync();
        Assert.Equal(64 << 10, (await scenario.OpenAsync(client, "next", OpenMode.Write)).Opened.CreditBytes);
        await scenario.StopAsync();
    },
    "actors.engine.file.credit-bytes-total = 1MiB");
}
