using Actors.Adversary.Faces;
using Actors.Adversary.Faults;
using Actors.Adversary.Model;
using Actors.Adversary.Plan;
using Actors.Engine;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Memory;
using Actors.Engine.Telemetry;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Actors.Adversary.Playing;

/// <summary>One engine on the program's files, from its start to its stop, and the disk below it.</summary>
internal sealed class EngineLife
{
    private static readonly Config Quiet = ConfigurationFactory.ParseString(
        """
        akka.stdout-loglevel = OFF
        akka.loggers = []
        akka.loglevel = OFF
        akka.log-dead-letters = off
        akka.log-dead-letters-during-shutdown = off
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        """);

    private readonly World _world;
    private volatile bool _stopHasBegun;

    private EngineLife(World world, int number)
    {
        _world = world;
        var plan = world.Plan;
        Dice = new FaultDice(Seeds.Of(plan.Seed, number), plan.Faults, Gate, world.Tally) { IsQuiet = true };
        var calls = new SystemCalls
        {
            Blocking = new FaultyCalls(Dice),
            Files = new FaultyFileCalls(Dice, SystemCalls.Platform.Files),
            Paths = SystemCalls.Platform.Paths is { } paths ? new FaultyPaths(Dice, paths) : null,
        };
        var config = ConfigurationFactory.ParseString(
                $"actors.engine.backend-name = {plan.Backend}\n{plan.Hocon}")
            .WithFallback(Quiet);
        System = ActorSystem.Create(
            "adversary",
            ActorSystemSetup.Create(
                BootstrapSetup.Create().WithConfig(config),
                new SystemCallsSetup(calls, Decorate),
                new TelemetrySetup(plan.HasListeners ? new ThrowingLog() : null, null, isOwnSystem: true)));
        Engine = System.FileEngine();
        Dice.IsQuiet = false;
    }

    public ActorSystem System { get; }

    public FileEngine Engine { get; }

    public Gate Gate { get; } = new();

    public FaultDice Dice { get; }

    public CallBook Calls { get; } = new();

    /// <summary>The engine is to stop, or has.</summary>
    public bool StopHasBegun => _stopHasBegun;

    public static EngineLife Begin(World world, int number) => new(world, number);

    /// <summary>Has the engine stop, and waits for that: it ends by its deadline, and with it each call that the
    /// caller's own thread is not kept in by the kernel.</summary>
    public async Task StopAsync(StopKind kind)
    {
        if (_world.Plan.FreezesAtStop && kind != StopKind.Quiet)
        {
            Gate.IsFrozen = true;
        }

        _stopHasBegun = true;
        _world.Tally.Count("stops", $"{kind}{(Gate.Held > 0 ? " with calls in the kernel" : "")}");
        var limit = _world.Plan.DrainTimeout + TimeSpan.FromSeconds(20);
        if (!await EndsWithinAsync(StopEngineAsync(kind), limit))
        {
            _world.Breach($"a stop by {kind} did not end within {limit.TotalSeconds} s", isHang: true);
        }

        if (!await Poll.UntilAsync(() => !Overdue().Any(), TimeSpan.FromSeconds(5)))
        {
            _world.Breach(
                $"after a stop by {kind} these calls have not ended: {string.Join(", ", Overdue().Take(10))}",
                isHang: true);
        }

        Dice.IsQuiet = true;
        Gate.Open(forGood: true);
    }

    /// <summary>Looks for what an engine has left behind; all clients have ended, and it has stopped.</summary>
    public async Task CheckNothingIsLeftAsync()
    {
        var patience = TimeSpan.FromSeconds(20);
        if (!await Poll.UntilAsync(() => Gate.Held == 0, patience))
        {
            _world.Breach($"{Gate.Held} calls are held by an open gate", isHang: true);
        }

        foreach (var shard in Engine.Shards)
        {
            if (!shard.Loop.Join(patience))
            {
                _world.Breach($"the thread of shard {shard.Index} has not ended", isHang: true);
            }
            else if (!await Poll.UntilAsync(() => shard.Buffers.Leased == 0, patience))
            {
                _world.Breach($"{shard.Buffers.Leased} buffers of shard {shard.Index} are not back");
            }
        }

        if (!await Poll.UntilAsync(() => Descriptors.Below(_world.Directory).Count == 0, patience))
        {
            _world.Breach($"open after the end: {string.Join(", ", Descriptors.Below(_world.Directory))}");
        }

        Engine.Buffers.EndQuarantine();
        while (Quarantine.Violations.TryDequeue(out var violation))
        {
            _world.Breach($"memory: {violation}");
        }
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private IEnumerable<string> Overdue() => Calls.Pending
        .Where(call => !Gate.Holds(call.Thread) && !(call.MayBlock && Gate.HoldsPoolThread))
        .Select(call => $"{call.Name} ({call.Age.TotalSeconds:0.0} s)");

    private async Task StopEngineAsync(StopKind kind)
    {
        // Not on the caller's thread, which has to watch over it.
        await Task.Yield();
        switch (kind)
        {
            case StopKind.Dispose:
                await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);
                break;
            case StopKind.Drain:
                await DrainAsync();
                await System.Terminate();
                break;
            default:
                await System.Terminate();
                break;
        }
    }

    /// <summary>By a client on the shard of a file of its own, if there can be such a one.</summary>
    private async Task DrainAsync()
    {
        var drain = new Drain(_world.Plan.DrainTimeout);
        var log = _world.NewLog();
        var box = new AnswerBox(Engine, _ => { });
        var opening = box.AskAsync(Engine.Coordinator, new Open(log.Path, OpenMode.Append));
        if (await Task.WhenAny(opening, Task.Delay(1000)) != opening
            || await opening is not Opened { Credits: var credits } opened)
        {
            _world.Tally.Count("drains", "by nobody who writes");
            await Engine.Coordinator.Ask<Drained>(drain);
            return;
        }

        var number = _world.NextNumber();
        var dice = new Random(Seeds.Of(_world.Plan.Seed, number));
        var lines = Enumerable.Range(0, Math.Min(credits, dice.Next(100, 301)))
            .Select(i => log.Begin(number, i, Stamp.LengthMin + i, _world.Step())).ToArray();
        var ended = new TaskCompletionSource<DrainOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var rest = TimeSpan.FromMilliseconds(dice.Next(2) * dice.Next(40));
        System.ActorOf(DrainingClient.Props(box.File, Engine.Coordinator, lines, drain, rest, ended)
            .WithDispatcher(opened.DispatcherId));
        if (await Task.WhenAny(ended.Task, Task.Delay(drain.Deadline + TimeSpan.FromSeconds(5))) != ended.Task)
        {
            // The disk keeps the shard's thread, and the client's with it: the end of the system ends both.
            _world.Tally.Count("drains", "without an end");
            return;
        }

        // Before the time is over nothing is refused for the drain that was sent before it. What fails for the disk is told
        // to the client, and not lost by the drain.
        var outcome = await ended.Task;
        _world.Tally.Count("drains", outcome.Refused == 0 ? "all written" : "some failed");
        var isEarly = outcome.Took < drain.Deadline - TimeSpan.FromMilliseconds(100);
        var file = outcome.Report.Files.FirstOrDefault(file => file.Path == log.Path);
        if (outcome.Closing > 0 && (isEarly || file is { Finished: true }))
        {
            _world.Breach(
                $"{log.Path}: {outcome.Refused} of {lines.Length} writes sent before a drain were refused, "
                + $"{outcome.Closing} for it, after {outcome.Took.TotalMilliseconds:0} ms; {file}");
        }
    }

    private IDriver Decorate(int shard, IDriver driver) =>
        driver.Name is BackendNames.IoUring or BackendNames.LinuxAio ? new FaultyDriver(driver, Dice) : driver;
}
