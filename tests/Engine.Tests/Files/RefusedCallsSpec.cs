using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Calls of the async API are never refused for want of room, and end in a loop when the engine stops, however
/// many there are.</summary>
public sealed class RefusedCallsSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public async Task Thousands_of_calls_under_way_end_with_the_engine(string backend)
    {
        Backends.SkipUnlessAvailable(backend);
        var directory = Directory.CreateTempSubdirectory("actors-test-");
        try
        {
            for (var round = 0; round < 2; round++)
            {
                var engine = FileEngine.Start(new FileEngineOptions
                {
                    BackendName = backend,
                    DrainTimeout = TimeSpan.FromMilliseconds(20),
                    Hocon = "actors.engine.backend.linux-aio.allow-buffered = on",
                });
                var file = await engine.OpenAsync(Path.Join(directory.FullName, "a.txt"), OpenMode.Write);

                // Under auto beyond the callers' own lane, so that all go by way of the file.
                var data = new byte[backend == BackendNames.Auto ? 70_000 : 100];
                var calls = new List<Task>();
                for (var i = 0; i < 20_000; i++)
                {
                    calls.Add(file.AppendAsync(data).AsTask());
                }

                var stopped = engine.DisposeAsync().AsTask();
                for (var i = 0; i < 20_000; i++)
                {
                    calls.Add(file.AppendAsync(data).AsTask());
                }

                await stopped.WaitAsync(EngineScenario.Patience);
                await Task.WhenAll(calls).WaitAsync(EngineScenario.Patience)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Assert.All(calls, call => Assert.True(call.IsCompleted));
            }
        }
        finally
        {
            directory.Delete(true);
        }
    }

    /// <summary>A cancel takes no room from others.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("actors.engine.file { queue-messages = 4, credit-messages = 4, queue-bytes = 64KiB, credit-bytes = 64KiB }")]
    public Task Cancels_cost_no_other_call_its_place(string hocon) =>
        EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
        {
            await using var file = await scenario.Engine.OpenAsync(scenario.PathOf("a.txt"), OpenMode.Write);
            var large = new byte[1_500_000];
            for (var round = 0; round < 60; round++)
            {
                using var cancel = new CancellationTokenSource();
                Task[] calls = [.. Enumerable.Range(0, 8).Select(i => file.AppendAsync(
                    i % 4 == 0 ? large : large.AsMemory(0, 100), i % 2 == 1 ? cancel.Token : default).AsTask())];
                Thread.SpinWait(round * 100);
                await cancel.CancelAsync();
                foreach (var (i, call) in calls.Index())
                {
                    await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    Assert.True(call.IsCompletedSuccessfully || (i % 2 == 1 && call.IsCanceled), $"{call.Exception}");
                }
            }
        },
        hocon);
}
