using System.Collections.Concurrent;
using System.Diagnostics;
using Actors.Engine.Telemetry;
using Actors.Engine.Tests.Hosting;
using Xunit;

namespace Actors.Engine.Tests.Telemetry;

/// <summary>The activities of the asynchronous face; alone, because who listens is the whole process's.</summary>
[Collection(nameof(WholeProcess))]
public sealed class ActivitySpec : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actors-test-").FullName;
    private readonly FileEngine _engine = FileEngine.Start(new FileEngineOptions { BackendName = "sync", Shards = 1 });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Open_sync_and_close_are_activities_below_the_callers_and_small_calls_are_none()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = Listen(ended);
        using var caller = new Activity("caller").Start();
        var path = Path.Combine(_directory, "a.txt");
        await using (var file = await _engine.OpenAsync(path, OpenMode.Write))
        {
            await file.AppendAsync("hello"u8.ToArray());
            await file.SyncAsync();
            Assert.Same(caller, Activity.Current);
        }

        Assert.Equal(["file.open", "file.sync", "file.close"], ended.Select(activity => activity.OperationName));
        Assert.All(ended, activity =>
        {
            Assert.Equal(path, activity.GetTagItem("file.path"));
            Assert.Equal(caller.SpanId, activity.ParentSpanId);
            Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        });
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public async Task Calls_that_change_names_are_activities_and_looking_is_none()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = Listen(ended);
        var path = Path.Combine(_directory, "a.txt");
        await _engine.ReplaceAsync(path, "hello"u8.ToArray());
        await _engine.StatAsync(path);
        await _engine.CopyAsync(path, path + ".copy");
        await _engine.RenameAsync(path, path + ".new");
        await _engine.DeleteAsync(path + ".new");

        Assert.Equal(
            ["file.replace", "file.copy", "file.rename", "file.delete"],
            ended.Select(activity => activity.OperationName));
        Assert.All(ended, activity => Assert.StartsWith(path, (string)activity.GetTagItem("file.path")!));
    }

    [Fact]
    public async Task A_failure_is_an_error_with_its_type()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = Listen(ended);
        var refusal = await Assert.ThrowsAsync<FileEngineException>(
            async () => await _engine.OpenAsync(Path.Combine(_directory, "missing"), OpenMode.Read));
        var activity = Assert.Single(ended);
        Assert.Equal("not_found", activity.GetTagItem("error.type"));
        Assert.Equal(ActivityStatusCode.Error, activity.Status);
        Assert.Equal(refusal.Message, activity.StatusDescription);
    }

    [Fact]
    public async Task Nobody_listening_costs_nothing()
    {
        Assert.False(EngineActivities.HasListeners);
        await using var file = await _engine.OpenAsync(Path.Combine(_directory, "a.txt"), OpenMode.Write);

        // A truncation is sent in the same way, by a command that is no smaller, and is never an activity.
        await AllocatedAsync(() => file.SyncAsync());
        await AllocatedAsync(() => file.TruncateAsync(0));
        var sync = await AllocatedAsync(() => file.SyncAsync());
        var truncate = await AllocatedAsync(() => file.TruncateAsync(0));
        Assert.True(sync <= truncate, $"{sync} bytes for a sync, {truncate} for a truncation");

        using var listener = Listen([]);
        Assert.True(await AllocatedAsync(() => file.SyncAsync()) > truncate);
    }

    /// <summary>The least that starting a call allocated.</summary>
    private static async Task<long> AllocatedAsync(Func<ValueTask<long>> start)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 200; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var call = start();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            await call;
        }

        return least;
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> ended)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == FileEngineTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
