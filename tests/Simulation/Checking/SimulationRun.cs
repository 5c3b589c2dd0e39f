using Actors.Engine;

namespace Actors.Simulation.Checking;

/// <summary>
/// One seed's run: a program of many clients on one engine, on a disk and in a time that are simulated; checked at each
/// answer, at moments at which the machine might crash, and at the end.
/// </summary>
internal sealed class SimulationRun
{
    /// <summary>Virtual steps after which something that should come to an end is given up.</summary>
    private const int PatienceSteps = 200_000;

    private readonly World _world;
    private readonly Program _program;
    private readonly Random _crashes;
    private int _crashCount;

    private SimulationRun(int seed)
    {
        _world = new World(seed);
        _program = new Program(_world);
        _crashes = new Random(seed);
    }

    /// <exception cref="SimulationFailedException">The engine broke a promise.</exception>
    public static SimulationReport Run(int seed)
    {
        var run = new SimulationRun(seed);
        try
        {
            return run.Play();
        }
        catch (Exception e)
        {
            throw new SimulationFailedException(
                $"seed {seed}: {run._world.Failure ?? e.Message}\nTo see it again: "
                + $"dotnet run -c Release --project tests/Reliability -- simulate --seed {seed}\n{run._world.Plan}",
                e)
            {
                Trace = run._world.Trace,
            };
        }
    }

    private SimulationReport Play()
    {
        for (var i = 0; i < _world.Plan.Actions; i++)
        {
            _program.Act();
            for (var n = _world.Random.Next(12); n > 0; n--)
            {
                _world.StepOrAdvance();
            }

            _world.CheckBounds();
            if (_crashes.Next(10) == 0)
            {
                Crash();
            }
        }

        End();
        return new SimulationReport(
            _world.Seed, _world.SentCount, _world.Stepper.Steps, _crashCount,
            _world.Disk.Files.Sum(file => file.Failures + file.FailedSyncs), _world.Trace);
    }

    /// <summary>The machine might stop now; what was durable must be in whatever is left.</summary>
    private void Crash()
    {
        _crashCount++;
        foreach (var file in _world.Files)
        {
            if (_world.Disk.Find(file.Path) is { } disk)
            {
                _world.FailIf(file.CompareDurable(disk.AfterCrash(_crashes)));
            }
        }
    }

    // ------------------------------------------------------------------ the end

    private void End()
    {
        switch (_world.Plan.Finale)
        {
            case Finale.Close:
                Unstick();
                Until("every command to be answered", () => _world.Unanswered.Count == 0);
                _program.CloseAll();
                break;
            case Finale.Drain:
                Unstick();
                Drain(TimeSpan.FromHours(1));
                break;
            case Finale.DrainTooShort:
                Drain(TimeSpan.FromMilliseconds(_world.Random.Next(3)));
                Unstick();
                break;
            case Finale.Terminate:
                break;
        }

        if (_world.Plan.Finale != Finale.Terminate)
        {
            Until("every command to be answered", () => _world.Unanswered.Count == 0);
            CheckDrained();
            Until("everything to be given back", _world.WhatIsLeft);
            CheckContents();
        }

        Terminate();
        CheckContents();
        _world.CheckBounds();
    }

    /// <summary>Nothing that happens from here on is for ever.</summary>
    private void Unstick()
    {
        _world.Disk.Faults = _world.Disk.Faults with { Stuck = 0 };
        foreach (var driver in _world.Stepper.Drivers)
        {
            driver.Unstick();
        }
    }

    private void Drain(TimeSpan deadline)
    {
        StopAll();
        _program.SendToEngine(new Drain(deadline), _world.Engine.Coordinator);
    }

    private void StopAll()
    {
        _world.IsStopping = true;
        foreach (var handle in _world.Handles)
        {
            handle.IsEnding = true;
            handle.MayBeStopped |= _world.Plan.Finale is Finale.DrainTooShort or Finale.Terminate;
        }
    }

    private void Terminate()
    {
        StopAll();
        if (_world.Plan.Finale == Finale.Terminate)
        {
            foreach (var handle in _world.Handles)
            {
                handle.MayBeStopped = true;
            }

            Unstick();
        }

        _world.IsTerminating = true;
        _world.PlayUntil(_world.System.Terminate());

        foreach (var handle in _world.Handles)
        {
            _program.SendLate(handle);
        }

        if (_world.Unanswered.Count > 0)
        {
            _world.Fail($"unanswered after the end: {string.Join(", ", _world.Unanswered)}");
        }

        _program.ReleaseBuffers();
        _world.FailIf(_world.WhatIsLeft());
    }

    private void Until(string what, Func<bool> condition) => Until(what, () => condition() ? null : "");

    private void Until(string what, Func<string?> missing)
    {
        for (var i = 0; missing() is { } still; i++)
        {
            if (i == PatienceSteps)
            {
                _world.Fail($"waited in vain for {what}: {still} {string.Join(", ", _world.Unanswered)}");
            }

            _world.StepOrAdvance();
            _program.ReleaseBuffers();
        }
    }

    private void CheckContents()
    {
        foreach (var file in _world.Files)
        {
            _world.FailIf(file.Commit(_world.ContentOf(file)));
            _world.FailIf(file.Compare(_world.ContentOf(file), file.Path));
        }

        Crash();
    }

    private void CheckDrained()
    {
        if (_world.Drained is not { } drained)
        {
            return;
        }

        foreach (var report in drained.Files)
        {
            var known = _world.Handles.Any(
                handle => handle.Model.Path == report.Path && handle.Succeeded == report.Acknowledged);
            if (!known && report.Acknowledged > 0)
            {
                _world.Fail($"{report}: no file of that name has so many commands acknowledged");
            }
        }
    }
}
