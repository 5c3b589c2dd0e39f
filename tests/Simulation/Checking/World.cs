using System.Text;
using Actors.Engine;
using Actors.Simulation.Disk;
using Actors.Simulation.Stepping;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.TestKit;

namespace Actors.Simulation.Checking;

/// <summary>One engine on a simulated disk in virtual time, its files as they should be, and all that was sent.</summary>
internal sealed class World
{
    private const string Quiet =
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
          coordinated-shutdown.run-by-actor-system-terminate = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          actor.default-dispatcher.executor = "Actors.Simulation.Stepping.SteppedExecutorConfigurator, Actors.Simulation"
          actor.internal-dispatcher.executor = "Actors.Simulation.Stepping.SteppedExecutorConfigurator, Actors.Simulation"
        }
        """;

    private readonly AnswerChecker _checker;
    private readonly StringBuilder _trace = new();

    public World(int seed)
    {
        Seed = seed;
        Random = new Random(seed);
        Plan = SimulationPlan.Draw(Random);
        Clock = new VirtualClock();
        Disk = new SimulatedDisk(new Random(Random.Next()), Plan.Faults);
        Stepper = new Stepper(new Random(Random.Next()), Clock);
        _checker = new AnswerChecker(this);
        Disk.Performed = io => Note(
            $"= {io.Kind} {io.File?.Descriptor} {io.NextOffset}+{io.Length - io.Done}: {io.Result}");
        var config = ConfigurationFactory.ParseString(Plan.ToHocon())
            .WithFallback(ConfigurationFactory.ParseString(Quiet));
        System = ActorSystem.Create("simulation", ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(config),
            new StepperSetup(Stepper),
            new LoopSetup(Stepper, Clock),
            new DriverSetup(_ => new SimulatedDriver(Disk, Clock, Plan.Depth))));
        Stepper.Scheduler = (TestScheduler)System.Scheduler;
        Engine = System.FileEngine();
    }

    public int Seed { get; }

    /// <summary>Of the program; disk and stepper have their own, so that each can be changed without the others.</summary>
    public Random Random { get; }

    public SimulationPlan Plan { get; }

    public VirtualClock Clock { get; }

    public SimulatedDisk Disk { get; }

    public Stepper Stepper { get; }

    public ActorSystem System { get; }

    public FileEngine Engine { get; }

    public List<FileModel> Files { get; } = [];

    /// <summary>All that were ever open.</summary>
    public List<Handle> Handles { get; } = [];

    public List<Sent> Unanswered { get; } = [];

    /// <summary>Buffers that clients hold.</summary>
    public List<IDisposable> Held { get; } = [];

    public long SentCount { get; private set; }

    /// <summary>The engine is draining or stopping.</summary>
    public bool IsStopping { get; set; }

    /// <summary>The actor system is ending. That goes by way of the runtime's thread pool, so that how many steps it
    /// takes is by chance.</summary>
    public bool IsTerminating { get; set; }

    /// <summary>What a drain has reported.</summary>
    public Drained? Drained { get; set; }

    /// <summary>Everything that was sent and answered, in order: the same for the same seed.</summary>
    public string Trace => _trace.ToString();

    /// <summary>One of the engine's actors, by its name below the coordinator.</summary>
    public IActorRef ActorOf(string name) => ((ExtendedActorSystem)System).Provider.ResolveActorRef(
        $"akka://simulation/system/file-engine/{name}");

    public Client CreateClient(string name) => new(System, name, _checker.OnAnswer);

    public FileModel CreateFile(string name, ReadOnlySpan<byte> content)
    {
        var path = $"/simulated/{name}";
        if (!content.IsEmpty)
        {
            Disk.Create(path, content);
        }

        var model = new FileModel(path, content.ToArray());
        Files.Add(model);
        return model;
    }

    public ReadOnlySpan<byte> ContentOf(FileModel file) =>
        Disk.Find(file.Path) is { } found ? found.Cached : default;

    public void Send(Sent sent, IActorRef target)
    {
        SentCount++;
        Unanswered.Add(sent);
        sent.Handle?.Send(sent);
        Note($"> {sent}");
        target.Tell(sent.Command, sent.Client);
    }

    public void Answer(Sent sent, EngineEvent answer)
    {
        Unanswered.Remove(sent);
        sent.Take(answer);
        sent.Handle?.Answer(sent);
    }

    public void Note(string line) =>
        _trace.Append(IsTerminating ? "end" : $"{Stepper.Steps}").Append(' ').AppendLine(line);

    /// <summary>The first promise that was broken.</summary>
    public string? Failure { get; private set; }

    /// <summary>The end of a run that broke a promise; also when it is the engine that catches the exception.</summary>
    public void Fail(string what)
    {
        Failure ??= what;
        throw new SimulationFailedException(what);
    }

    public void StepOrAdvance()
    {
        Stepper.StepOrAdvance();
        if (Failure is not null)
        {
            throw new SimulationFailedException(Failure);
        }
    }

    public void FailIf(string? what)
    {
        if (what is not null)
        {
            Fail(what);
        }
    }

    /// <summary>Steps until something that ends on another thread has ended.</summary>
    public void PlayUntil(Task end)
    {
        while (!end.IsCompleted)
        {
            StepOrAdvance();
        }
    }

    /// <summary>Limits that hold at every moment.</summary>
    public void CheckBounds()
    {
        if (Disk.Violations.Count > 0)
        {
            Fail(Disk.Violations[0]);
        }

        foreach (var shard in Engine.Shards)
        {
            if (shard.Scheduler.InFlight > Plan.BackendInFlight)
            {
                Fail($"shard {shard.Index} has {shard.Scheduler.InFlight} operations in flight");
            }

            if (shard.Buffers.Bytes > shard.Buffers.BytesMax)
            {
                Fail($"shard {shard.Index} has {shard.Buffers.Bytes} bytes of buffers");
            }
        }

        // Of the cumulative answers a part of the credits may be held back.
        var bound = Plan.QueueMessages + Plan.Credits;
        if (Handles.Find(handle => handle.Unanswered.Count > bound) is { } full)
        {
            Fail($"{full.Model.Path} has {full.Unanswered.Count} commands unanswered");
        }
    }

    /// <summary>What is in flight, leased, open or alive and should not be, once every file is closed; null when nothing
    /// is.</summary>
    public string? WhatIsLeft() =>
        Disk.OpenDescriptors > 0 ? $"{Disk.OpenDescriptors} descriptors are open"
        : !Engine.Writers.IsEmpty ? $"{Engine.Writers.Count} files are registered for writing"
        : Stepper.Drivers.Any(driver => driver.InFlight > 0) ? "operations are in flight"
        : Engine.Shards.FirstOrDefault(shard => shard.Buffers.Leased > 0) is { } shard
            ? $"{shard.Buffers.Leased} buffers of shard {shard.Index} are leased"
        : ActorsLeft() is { } actor ? $"{actor} is still there"
        : null;

    private IActorRef? ActorsLeft() => Engine.Shards
        .Select(shard => ActorOf($"shard-{shard.Index}"))
        .OfType<ActorRefWithCell>()
        .SelectMany(shard => shard.Children)
        .FirstOrDefault(child => child.Path.Name != "backend");
}
