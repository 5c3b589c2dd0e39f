using Actors.Adversary.Faces;
using Actors.Adversary.Faults;
using Actors.Adversary.Neighbours;
using Actors.Adversary.Plan;
using Actors.Adversary.Report;
using Actors.Engine.Memory;

namespace Actors.Adversary.Playing;

/// <summary>Plays the program of one seed.</summary>
internal sealed class AdversaryProgram
{
    /// <summary>Long enough that only a hang reaches it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly ProgramPlan _plan;
    private readonly World _world;

    private AdversaryProgram(ProgramPlan plan, string directory, Neighbour? neighbour, Tally tally)
    {
        _plan = plan;
        _world = new World(plan, directory, plan.HasNeighbours ? neighbour : null, tally);
    }

    /// <summary>Plays it in a directory of its own.</summary>
    /// <returns>What was wrong; nothing when all held.</returns>
    public static async Task<IReadOnlyCollection<string>> PlayAsync(ProgramPlan plan, Neighbour neighbour, Tally tally)
    {
        Quarantine.IsOn = true;
        var directory = Directory.CreateTempSubdirectory("adversary-").FullName;
        var program = new AdversaryProgram(plan, directory, neighbour, tally);
        try
        {
            await program.PlayAsync();
        }
        catch (Exception e)
        {
            program._world.Breach($"the program itself failed: {e}");
        }

        tally.Count("programs", plan.Backend);
        if (program._world.Breaches.Count == 0)
        {
            Directory.Delete(directory, recursive: true);
        }

        return program._world.Breaches;
    }

    private async Task PlayAsync()
    {
        for (var i = 0; i < _plan.Stops.Count && _world.Breaches.Count == 0; i++)
        {
            await LiveAsync(i);
        }
    }

    private async Task LiveAsync(int number)
    {
        using var listener = _plan.HasListeners ? ThrowingListener.Begin() : null;
        var dice = new Random(Seeds.Of(_plan.Seed, 1000 + number));
        var kind = _plan.Stops[number];
        var stopAt = _world.Now + dice.Next(1, Math.Max(2, _plan.Clients * _plan.Steps));
        var due = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Stepped = step =>
        {
            if (step >= stopAt)
            {
                due.TrySetResult();
            }
        };
        var life = EngineLife.Begin(_world, number);
        await using var poisoner = MemoryPoisoner.Begin();
        await using var watch = Watch.Begin(_world, life, dice);
        var clients = Enumerable.Range(0, _plan.Clients).Select(_ => FaceList.Draw(_world, life, dice)).ToArray();
        var playing = Task.WhenAll(clients.Select(client => Task.Run(client.PlayAsync)));
        await Task.WhenAny(playing, kind == StopKind.Quiet ? playing : due.Task, _world.Broken);
        if (_world.Broken.IsCompleted)
        {
            life.Gate.Open(forGood: true);
            return;
        }

        await life.StopAsync(kind);
        if (await Task.WhenAny(playing, Task.Delay(Patience)) != playing)
        {
            _world.Breach(
                $"clients did not end: {string.Join(", ", life.Calls.Pending.Select(call => call.Name))}", isHang: true);
            return;
        }

        await playing;
        await life.CheckNothingIsLeftAsync();
        if (!_world.Broken.IsCompleted)
        {
            _world.CompareAll();
        }

        life.System.Dispose();
    }
}
