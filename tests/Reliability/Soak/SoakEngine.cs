using Actors.Engine;
using Actors.Engine.Actors;
using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Actors.Reliability.Running;
using Actors.Reliability.Soak.Faults;
using Actors.Reliability.Soak.Load;
using Akka.Actor;
using Akka.Actor.Setup;

namespace Actors.Reliability.Soak;

/// <summary>One engine under load: its backend with faults in between, its directory, its users.</summary>
internal sealed class SoakEngine : IAsyncDisposable
{
    private readonly string _directory;
    private readonly List<IActorRef> _users = [];
    private readonly List<Task> _callers = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _usersLeft;
    private volatile bool _finishing;

    public SoakEngine(string backend, string directory, int seed, SoakCounts counts, FaultCounts faults)
    {
        Backend = backend;
        Seed = seed;
        Counts = counts;
        _directory = Path.Combine(directory, backend);
        Directory.CreateDirectory(_directory);
        File.WriteAllBytes(PathOf(SharedLines.Name), SharedLines.Content);
        var config = EngineConfig.Of(backend, "actors.engine.buffers.size-max = 16MiB");
        var settings = EngineSettings.Create(config);
        var chosen = BackendSelection.Select(settings).Name;
        var drivers = new DriverSetup(shard => new FaultDriver(
            DriverFactory.CreateFor(chosen, settings), new FaultPlan(seed + shard), faults));
        System = ActorSystem.Create(
            $"soak-{backend}", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), drivers));
        Engine = System.FileEngine();
    }

    public string Backend { get; }

    public int Seed { get; }

    public SoakCounts Counts { get; }

    public ActorSystem System { get; }

    public FileEngine Engine { get; }

    /// <summary>Users are to come to an end.</summary>
    public bool IsFinishing => _finishing;

    /// <summary>The path of a file of this engine.</summary>
    public string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>Begins the load: so many users, each with a file at a time.</summary>
    public void Begin(int users)
    {
        _usersLeft = users;
        for (var id = 0; id < users; id++)
        {
            Begin(id, id % 20);
        }
    }

    /// <summary>Makes the backend actors of all shards crash, which restarts them.</summary>
    public void CrashBackends()
    {
        for (var shard = 0; shard < Engine.ShardCount; shard++)
        {
            // There is no such operation.
            System.ActorSelection($"/system/file-engine/shard-{shard}/backend").Tell(new CancelOperation(null!, 0));
        }
    }

    /// <summary>Has all users come to an end, and waits for it.</summary>
    /// <returns>False when some have not: something of theirs is unanswered.</returns>
    public async Task<bool> FinishAsync()
    {
        _finishing = true;
        foreach (var user in _users)
        {
            user.Tell(FinishLoad.Instance);
        }

        try
        {
            await Task.WhenAll([_ended.Task, .. _callers]).WaitAsync(SoakLimits.Patience);
            return true;
        }
        catch (TimeoutException)
        {
            // As they go they say what they wait for.
            await Task.WhenAll(_users.Select(user => user.GracefulStop(SoakLimits.Patience)));
            return false;
        }
    }

    /// <summary>A user has stopped.</summary>
    public void UserEnded(ActorBase _) => Left();

    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        System.Dispose();
    }

    private void Begin(int id, int kind)
    {
        switch (kind)
        {
            case < 7:
                Add(ActorFactory<AppendUser>.Props(() => new AppendUser(this, id, ignoresCredits: kind == 0)));
                break;
            case < 11:
                Add(ActorFactory<SlotUser>.Props(() => new SlotUser(this, id)));
                break;
            case < 15:
                Add(ActorFactory<ReadUser>.Props(() => new ReadUser(this, id, isSlow: kind < 13)));
                break;
            case 15:
                Add(ActorFactory<Executor>.Props(() => new Executor(this, id)));
                break;
            case < 19:
                Add(() => new CallerUser(this, id).RunAsync());
                break;
            default:
                Add(() => new PathUser(this, id).RunAsync());
                break;
        }
    }

    private void Add(Props user) => _users.Add(System.ActorOf(user));

    private void Add(Func<Task> caller) => _callers.Add(Task.Run(async () =>
    {
        try
        {
            await caller();
        }
        catch (Exception e)
        {
            Counts.Breach($"{Backend}: a caller ended by {e}");
        }

        Left();
    }));

    private void Left()
    {
        if (Interlocked.Decrement(ref _usersLeft) == 0)
        {
            _ended.TrySetResult();
        }
    }
}
