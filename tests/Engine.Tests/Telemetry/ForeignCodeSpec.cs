using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Actors.Engine.Drivers;
using Actors.Engine.Telemetry;
using Actors.Engine.Tests.Hosting;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Actors.Engine.Tests.Telemetry;

/// <summary>Code of others that the engine calls, and that throws: files are closed, calls answered, actors stay; alone,
/// because who listens is the whole process's.</summary>
[Collection(nameof(WholeProcess))]
public sealed class ForeignCodeSpec
{
    [Theory]
    [InlineData("sample")]
    [InlineData("start")]
    [InlineData("stop")]
    public Task A_listener_of_activities_that_throws_costs_nothing(string where) =>
        EngineScenario.RunAsync("sync", async s =>
        {
            using var listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == FileEngineTelemetry.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                    where == "sample" ? throw new ForeignException() : ActivitySamplingResult.AllData,
                ActivityStarted = _ => ThrowIf(where == "start"),
                ActivityStopped = _ => ThrowIf(where == "stop"),
            };
            ActivitySource.AddActivityListener(listener);
            Assert.True(EngineActivities.HasListeners);
            using var caller = new Activity("caller").Start();
            for (var round = 0; round < 2; round++)
            {
                await using var file = await s.Engine.OpenAsync(s.PathOf("a.txt"), OpenMode.Append);
                await file.AppendAsync("x"u8.ToArray());
                await file.SyncAsync();
            }

            await s.Engine.RenameAsync(s.PathOf("a.txt"), s.PathOf("b.txt"));
            await Assert.ThrowsAsync<FileEngineException>(
                async () => await s.Engine.OpenAsync(s.PathOf("a.txt"), OpenMode.Read));
            Assert.Equal("xx", s.ContentOf("b.txt"));
            Assert.Same(caller, Activity.Current);
        });

    [Fact]
    public Task A_listener_of_the_meter_that_throws_costs_no_figures() => EngineScenario.RunAsync(
        "sync",
        async s =>
        {
            using var listener = new MeterListener();
            listener.InstrumentPublished = (instrument, published) =>
            {
                if (instrument.Meter.Name == FileEngineTelemetry.MeterName)
                {
                    published.EnableMeasurementEvents(instrument);
                }
            };
            var told = 0;
            listener.SetMeasurementEventCallback<double>((_, _, _, _) =>
            {
                Interlocked.Increment(ref told);
                throw new ForeignException();
            });
            listener.Start();
            var file = await s.OpenAsync(s.Probe("client"), "a.txt", OpenMode.Write);
            for (var round = 1; round <= 3; round++)
            {
                file.Append("x");
                await file.ExpectWrittenAsync(1);
                Assert.Equal(round, (await s.CollectAsync()).Operations);
            }

            Assert.NotEqual(0, told);
            Assert.Equal(0, s.Engine.Counters.Errors);
            await file.CloseAsync();
        },
        "actors.engine.metrics.sample-every = 1");

    [Fact]
    public async Task Factories_of_logs_and_meters_that_throw_do_not_fail_the_start()
    {
        using var factory = new ThrowingFactory();
        await using var engine = FileEngine.Start(new FileEngineOptions
        {
            BackendName = "sync", LoggerFactory = factory, MeterFactory = factory,
        });
        Assert.Equal(2, factory.Asked);
        Assert.NotEmpty(await engine.ReadAllBytesAsync(typeof(FileEngine).Assembly.Location));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_progress_that_throws_ends_no_copy(bool atOnce) => EngineScenario.RunAsync("sync", async s =>
    {
        Directory.CreateDirectory(s.PathOf("from"));
        for (var i = 0; i < 50; i++)
        {
            s.Given($"from/{i}", $"content {i}");
        }

        var told = 0;
        var progress = new Progress(() => ThrowIf(atOnce || ++told > 10));
        var report = await s.Engine.CopyTreeAsync(s.PathOf("from"), s.PathOf("to"), null, progress);
        Assert.Equal(50, report.Files);
        Assert.Equal("content 49", s.ContentOf("to/49"));
    });

    [Fact]
    public Task An_encoding_that_throws_leaves_no_file_open() => EngineScenario.RunAsync("sync", async s =>
    {
        var path = s.Given("a.txt", "content");
        var options = new FileWriterOptions { Encoding = new ThrowingEncoding() };
        for (var round = 0; round < 2; round++)
        {
            await Assert.ThrowsAsync<ForeignException>(
                async () => await s.Engine.OpenWriterAsync(path, OpenMode.Append, options));
        }

        await s.UntilNoFileIsOpenAsync();
        Assert.Equal("content", s.ContentOf("a.txt"));
    });

    /// <summary>The context that a call is awaited in belongs to the caller.</summary>
    [Fact]
    public async Task A_context_that_takes_nothing_costs_no_other_call_its_end()
    {
        using var calls = new HeldCalls { Holds = operation => operation.Kind == IoKind.Write };
        await EngineScenario.RunAsync(
            "sync",
            async s =>
            {
                s.Faults.Expect(fault => fault is ForeignException);
                await using var file = await s.Engine.OpenAsync(s.PathOf("a.txt"), OpenMode.Write);

                // Held until it is awaited: only then does the engine end it, and not the thread that awaits it.
                Task? lost = null;
                await Task.Run(() => { lost = InThrowingContext(() => AppendInContextAsync(file)); });
                calls.LetGo();
                await s.UntilAsync(() => s.Engine.Counters.Errors == 1);
                await file.AppendAsync("y"u8.ToArray()).AsTask().WaitAsync(EngineScenario.Patience);
                await file.DisposeAsync().AsTask().WaitAsync(EngineScenario.Patience);
                Assert.Equal("xy", s.ContentOf("a.txt"));
                Assert.False(lost!.IsCompleted);
            },
            setups: calls.Setup);
    }

    [Fact]
    public Task A_client_whose_mailbox_throws_costs_nobody_else_an_answer() => EngineScenario.RunAsync("sync", async s =>
    {
        s.Faults.Expect(fault => fault is ForeignException);
        var client = new ThrowingRef(s.System);
        s.Engine.Coordinator.Tell(new Stat(s.PathOf("a.txt")), client);
        s.Engine.Metrics.Tell(new CollectMetrics(), client);
        s.Engine.Coordinator.Tell(new Open("", OpenMode.Read), client);
        Assert.Equal(0, (await s.CollectAsync()).OpenFiles);
        await s.UntilAsync(() => client.Told == 3 && s.Engine.Counters.Errors == 3);
    });

    private static async Task AppendInContextAsync(EngineFile file) => await file.AppendAsync("x"u8.ToArray());

    private static Task InThrowingContext(Func<Task> call)
    {
        SynchronizationContext.SetSynchronizationContext(new ThrowingContext());
        try
        {
            return call();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new ForeignException();
        }
    }

    private sealed class ForeignException() : Exception("not the engine's");

    private sealed class Progress(Action report) : IProgress<TreeCopyProgress>
    {
        public void Report(TreeCopyProgress value) => report();
    }

    private sealed class ThrowingFactory : ILoggerFactory, IMeterFactory
    {
        public int Asked { get; private set; }

        public ILogger CreateLogger(string categoryName)
        {
            Asked++;
            throw new ForeignException();
        }

        public Meter Create(MeterOptions options)
        {
            Asked++;
            throw new ForeignException();
        }

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class ThrowingContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => throw new ForeignException();
    }

    private sealed class ThrowingEncoding : UTF8Encoding
    {
        public override byte[] GetBytes(string s) => throw new ForeignException();

        public override int GetBytes(string chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
            throw new ForeignException();
    }

    private sealed class ThrowingRef(ActorSystem system) : MinimalActorRef
    {
        private int _told;

        public int Told => Volatile.Read(ref _told);

        public override ActorPath Path { get; } = new RootActorPath(new Address("akka", system.Name)) / "throws";

        public override IActorRefProvider Provider => ((ExtendedActorSystem)system).Provider;

        protected override void TellInternal(object message, IActorRef sender)
        {
            Interlocked.Increment(ref _told);
            throw new ForeignException();
        }
    }
}
