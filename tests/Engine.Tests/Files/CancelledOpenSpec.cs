using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>An open that was given up is not performed later: its call ends once the file is not touched any
/// more.</summary>
public sealed class CancelledOpenSpec
{
    private const string OneFile = "actors.engine.coordinator.open-files-max = 1";

    [Fact]
    public Task While_it_waits_for_a_descriptor_it_is_withdrawn_at_once() =>
        EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
        {
            var path = scenario.Given("b.txt", "content");
            await using var first = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
            using var cancel = new CancellationTokenSource();
            var waiting = scenario.Engine.OpenAsync(path, OpenMode.Write, null, cancel.Token).AsTask();
            var missing = scenario.Engine.OpenAsync(scenario.PathOf("c.txt"), OpenMode.Write, null, cancel.Token).AsTask();
            await scenario.UntilAsync(
                () => scenario.CollectAsync().GetAwaiter().GetResult().QueuedOpens == 2, "both wait");
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => missing);

            await first.DisposeAsync();
            await using var next = await scenario.Engine.OpenAsync(scenario.PathOf("d.txt"), OpenMode.Write);
            Assert.Equal("content", scenario.ContentOf("b.txt"));
            Assert.False(File.Exists(scenario.PathOf("c.txt")));
        },
        OneFile);

    [Fact]
    public async Task In_the_kernel_it_is_waited_for_and_empties_nothing()
    {
        using var calls = new HeldCalls { Holds = operation => operation.Kind == IoKind.Open };
        await EngineScenario.RunAsync(
            BackendNames.ThreadPool,
            async scenario =>
            {
                var path = scenario.Given("a.txt", "content");
                using var cancel = new CancellationTokenSource();
                var opening = scenario.Engine.OpenAsync(path, OpenMode.Write, null, cancel.Token).AsTask();
                await scenario.UntilAsync(() => calls.Held == 1, "the open in the kernel");
                await cancel.CancelAsync();

                // The coordinator and the file's actor have heard of it.
                await scenario.CollectAsync();
                Assert.False(opening.IsCompleted);
                calls.LetGo();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
                Assert.Equal("content", scenario.ContentOf("a.txt"));
                await using var again = await scenario.Engine.OpenAsync(path, OpenMode.Append);
            },
            setups: calls.Setup);
    }

    [Fact]
    public Task Whenever_it_is_cancelled_the_file_is_free_and_whole_afterwards() =>
        EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
        {
            var path = scenario.PathOf("a.txt");
            for (var i = 0; i < 300; i++)
            {
                File.WriteAllText(path, "content");
                using var cancel = new CancellationTokenSource();
                var opening = Task.Run(() => scenario.Engine.OpenAsync(path, OpenMode.Write, null, cancel.Token).AsTask());
                Thread.SpinWait(i * 20);
                await cancel.CancelAsync();
                try
                {
                    await (await opening).DisposeAsync();
                }
                catch (OperationCanceledException)
                {
                    // Nobody of the engine has the file any more: what is written now stays.
                    File.WriteAllText(path, "mine");
                    await (await scenario.Engine.OpenAsync(path, OpenMode.Append)).DisposeAsync();
                    Assert.Equal("mine", File.ReadAllText(path));
                }
            }
        },
        "actors.engine.coordinator.open-files-max = 4");
}
