using System.Collections;
using Actors.Engine.Drivers;
using Actors.Engine.Files;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Supervision;

/// <summary>Stopping under load: it ends, and what it reports is what the clients were told.</summary>
public sealed class GracefulStopSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task A_drain_under_load_reports_what_its_clients_were_told(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var loads = await SendLoadAsync(scenario, files: 30, commands: 60);
            var drained = await scenario.Engine.Coordinator.Ask<Drained>(
                new Drain(EngineScenario.Patience), EngineScenario.Patience);
            AssertSums(loads, drained);
            Assert.All(drained.Files, file => Assert.Equal((true, 0L), (file.Finished, file.Unacknowledged)));
            Assert.All(loads, load => Assert.Equal(60, load.Log.Answered - load.Refused));
            Assert.All(loads, load => Assert.Equal(
                load.Log.Of<Written>().Sum(written => written.Bytes), new FileInfo(load.Path).Length));
        },
        "actors.engine.shards = 2");

    [Fact]
    public async Task Operations_that_never_come_back_do_not_hold_up_a_drain_and_are_reported()
    {
        var driver = new ScriptedDriver(depth: 1000) { CanCancel = false };
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var begun = new HashSet<int>();
            driver.Script = operation =>
                operation.Kind == IoKind.Write && operation.File!.Descriptor % 3 == 0
                && !begun.Add(operation.File.Descriptor)
                    ? Play.Hold
                    : Play.Perform;
            var loads = await SendLoadAsync(scenario, files: 30, commands: 40);
            var drained = await scenario.Engine.Coordinator.Ask<Drained>(
                new Drain(TimeSpan.FromMilliseconds(300)), EngineScenario.Patience);
            await scenario.UntilAsync(() => loads.TrueForAll(load => load.IsAnswered), "every answer");
            AssertSums(loads, drained);
            Assert.Contains(drained.Files, file => file is { Finished: false, Unacknowledged: > 0 });
            Assert.DoesNotContain(drained.Files, file => file is { Finished: true, Unacknowledged: > 0 });
            Assert.All(
                loads.SelectMany(load => load.Log.Of<CommandFailed>().Skip(load.Refused)),
                failed => Assert.Equal(FailureReason.Closing, failed.Reason));
            driver.ReleaseAll();
        });
    }

    [Fact]
    public async Task Operations_that_never_come_back_do_not_hold_up_the_end_of_the_system()
    {
        var driver = new ScriptedDriver(depth: 1000) { CanCancel = false };
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                driver.Script = operation => operation.Kind == IoKind.Write ? Play.Hold : Play.Perform;
                var loads = await SendLoadAsync(scenario, files: 10, commands: 40);
                await scenario.StopAsync();
                Assert.All(loads, load => Assert.Equal(40 + load.Refused, load.Log.Answered));
                driver.ReleaseAll();
            },
            "actors.engine.coordinator.drain-timeout = 200ms");
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public async Task Disposing_of_an_engine_finishes_the_calls_under_way(string backend)
    {
        Backends.SkipUnlessAvailable(backend);
        var directory = Directory.CreateTempSubdirectory("actors-test-").FullName;
        var options = new FileEngineOptions
        {
            BackendName = backend,
            Shards = 2,
            Hocon = "actors.engine.backend.linux-aio.allow-buffered = on",
        };
        var engine = FileEngine.Start(options);
        var calls = new List<(string Path, List<Task<long>> Appends)>();
        for (var i = 0; i < 20; i++)
        {
            var path = Path.Combine(directory, $"{i}.txt");
            var file = await engine.OpenAsync(path, OpenMode.Append);
            calls.Add((path, [.. Enumerable.Range(0, 30).Select(_ => AppendAsync(file))]));
        }

        await engine.DisposeAsync().AsTask().WaitAsync(EngineScenario.Patience);
        foreach (var (path, appends) in calls)
        {
            var bytes = await Task.WhenAll(appends).WaitAsync(EngineScenario.Patience);
            Assert.Equal(bytes.Sum(), new FileInfo(path).Length);
        }

        Directory.Delete(directory, recursive: true);
    }

    /// <summary>An application that drains by itself while the engine is told to stop, in any order: neither cuts the
    /// other short.</summary>
    [Fact]
    public async Task A_drain_and_a_stop_at_once_lose_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("actors-test-").FullName;
        for (var round = 0; round < 24; round++)
        {
            var engine = FileEngine.Start(new FileEngineOptions { BackendName = BackendNames.ThreadPool, Shards = 2 });
            var file = await engine.OpenAsync(Path.Combine(directory, $"{round}"), OpenMode.Append);
            Task<long>[] appends = [.. Enumerable.Range(0, 200).Select(_ => AppendAsync(file))];
            var order = round % 3;
            var stopped = order == 0 ? engine.DisposeAsync().AsTask() : Task.CompletedTask;
            Thread.SpinWait(order == 1 ? 0 : round * 2_000);
            var drained = engine.Coordinator.Ask<EngineEvent>(new Drain(EngineScenario.Patience), EngineScenario.Patience);
            Thread.SpinWait(order == 2 ? round * 2_000 : 0);
            stopped = order == 0 ? stopped : engine.DisposeAsync().AsTask();
            await stopped.WaitAsync(EngineScenario.Patience);
            Assert.All(await Task.WhenAll(appends).WaitAsync(EngineScenario.Patience), bytes => Assert.Equal(100, bytes));
            Assert.Equal(20_000, new FileInfo(file.Path).Length);
            if (await drained.WaitAsync(EngineScenario.Patience) is Drained report)
            {
                Assert.All(report.Files, one => Assert.True(one.Finished));
            }
        }

        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_path_call_under_way_has_its_own_answer_whoever_asked(bool asActor)
    {
        using var entries = new BlockingEntries();
        Task<object> answer = null!;
        await EngineScenario.RunAsync("sync", async scenario =>
        {
            var more = new ListMore("a", entries);
            if (asActor)
            {
                var log = new AnswerLog(scenario.System, "lister");
                scenario.Engine.Coordinator.Tell(more, log);
                answer = scenario.UntilAsync(() => log.Answered > 0, "the answer")
                    .ContinueWith(_ => log.Answers.Single(), TaskScheduler.Default);
            }
            else
            {
                answer = ObjectAsync(PathRequest<DirectoryListed>.SendAsync(scenario.Engine, more, default));
            }

            Assert.True(entries.Begun.Wait(EngineScenario.Patience));
            await scenario.StopAsync();
            Assert.False(answer.IsCompleted);
            entries.Go.Set();
            var listed = Assert.IsType<DirectoryListed>(await answer.WaitAsync(EngineScenario.Patience));
            Assert.Equal("b", Assert.Single(listed.Entries).Name);
        });
    }

    [Fact]
    public async Task A_path_call_that_had_not_begun_is_not_performed_after_it_was_answered()
    {
        using var entries = new BlockingEntries();
        await EngineScenario.RunAsync("sync", async scenario =>
        {
            // The coordinator is held up, and the call waits in its mailbox.
            using var hold = new ManualResetEventSlim();
            scenario.Engine.Coordinator.Tell(new Open("", OpenMode.Write), new BlockingRef(scenario.System, hold));
            var call = PathRequest<DirectoryListed>.SendAsync(scenario.Engine, new ListMore("a", entries), default);
            scenario.Engine.Clients.Stop();
            var failure = await Assert.ThrowsAsync<FileEngineException>(() => call);
            Assert.Equal(FailureReason.Closing, failure.Reason);
            hold.Set();
            await scenario.CollectAsync();
            await scenario.UntilAsync(() => entries.IsDisposed, "let go");
            Assert.False(entries.Begun.IsSet);
        });
    }

    private static async Task<object> ObjectAsync<T>(Task<T> task) => (await task)!;

    private static async Task<long> AppendAsync(EngineFile file)
    {
        try
        {
            await file.AppendAsync(new byte[100]);
            return 100;
        }
        catch (FileEngineException e) when (e.Reason is FailureReason.Closing or FailureReason.NotOpen)
        {
            return e.BytesDone;
        }
    }

    private static void AssertSums(List<Load> loads, Drained drained) => Assert.Equal(
        loads.Select(load => (
            load.Path, load.Log.Answered - load.Log.Of<CommandFailed>().LongCount(),
            load.Log.Of<CommandFailed>().LongCount() - load.Refused)),
        drained.Files.Select(file => (file.Path, file.Acknowledged, file.Unacknowledged)));

    /// <summary>Files with commands on their way, appends and syncs; before them some that fail, which no drain has to
    /// answer for.</summary>
    private static async Task<List<Load>> SendLoadAsync(EngineScenario scenario, int files, int commands)
    {
        var loads = new List<Load>();
        var client = scenario.Probe("opener");
        for (var i = 0; i < files; i++)
        {
            var options = new OpenOptions
            {
                Coalesce = i % 2 == 0,
                Acknowledge = i % 3 == 0 ? AcknowledgeMode.Each : AcknowledgeMode.Cumulative,
            };
            var file = await scenario.OpenAsync(client, $"{i}.txt", OpenMode.Write, options);
            loads.Add(new Load(
                file.Opened.Path, file, new AnswerLog(scenario.System, $"producer-{i}"), i % 2, commands));
        }

        foreach (var load in loads.Where(load => load.Refused > 0))
        {
            load.File.Ref.Tell(new Read(0, new byte[10]), load.Log);
            await scenario.SettleAsync(load.File);
        }

        for (var i = 0; i < commands; i++)
        {
            foreach (var load in loads)
            {
                load.File.Ref.Tell(
                    i % 20 == 19 ? new Sync(SyncScope.Data, i) : new Write(Text.Bytes($"{i:0000};"), Write.Append, i),
                    load.Log);
            }
        }

        return loads;
    }

    private sealed record Load(string Path, ClientFile File, AnswerLog Log, int Refused, int Commands)
    {
        public bool IsAnswered => Log.Answered >= Commands + Refused;
    }

    /// <summary>A client that takes its time to take an answer.</summary>
    private sealed class BlockingRef(ActorSystem system, ManualResetEventSlim go) : MinimalActorRef
    {
        public override ActorPath Path { get; } = ((ExtendedActorSystem)system).Provider.RootPath / "blocking";

        public override IActorRefProvider Provider { get; } = ((ExtendedActorSystem)system).Provider;

        protected override void TellInternal(object message, IActorRef sender) => go.Wait(EngineScenario.Patience);
    }

    /// <summary>A directory with one entry that takes its time.</summary>
    private sealed class BlockingEntries : IEnumerator<DirectoryEntry>
    {
        private int _moves;

        public ManualResetEventSlim Begun { get; } = new();

        public ManualResetEventSlim Go { get; } = new();

        public bool IsDisposed { get; private set; }

        public DirectoryEntry Current => new("a/b", "b", FileKind.File);

        object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            Begun.Set();
            Go.Wait(EngineScenario.Patience);
            return _moves++ == 0;
        }

        public void Reset() => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;
    }
}
