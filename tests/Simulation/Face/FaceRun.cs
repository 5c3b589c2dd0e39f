using Actors.Engine;
using Actors.Simulation.Checking;
using Akka.Actor;

namespace Actors.Simulation.Face;

/// <summary>
/// One seed's run of the async face: a few clients, each a task on the thread pool with files of its own, on one engine
/// whose disk and time are simulated. What each client does is decided by the seed; how they interleave is not.
/// </summary>
internal static class FaceRun
{
    private const int Clients = 3;

    /// <exception cref="SimulationFailedException">The engine broke a promise.</exception>
    public static void Run(int seed)
    {
        var world = new World(seed);

        // No call has a time limit here, so every operation has to come back by itself.
        world.Disk.Faults = world.Disk.Faults with { Stuck = 0 };
        try
        {
            var clients = Enumerable.Range(0, Clients)
                .Select(i => Task.Run(() => new FaceClient(world, i, new Random(seed + i)).PlayAsync()));
            var all = Task.WhenAll(clients);
            world.PlayUntil(all);
            all.GetAwaiter().GetResult();
            world.CheckBounds();
            world.FailIf(End(world));
        }
        catch (Exception e)
        {
            throw new SimulationFailedException($"face, seed {seed}: {world.Failure ?? e.Message}\n{world.Plan}", e)
            {
                Trace = world.Trace,
            };
        }
    }

    private static string? End(World world)
    {
        var drained = world.Engine.Coordinator.Ask<EngineEvent>(new Drain(TimeSpan.FromHours(1)));
        world.PlayUntil(drained);
        for (var i = 0; i < 1000 && world.WhatIsLeft() is not null; i++)
        {
            world.StepOrAdvance();
        }

        var left = world.WhatIsLeft();
        world.IsTerminating = true;
        world.PlayUntil(world.System.Terminate());
        return left;
    }
}
