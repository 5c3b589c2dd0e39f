using Actors.Engine;
using Actors.Host.Machine;
using Actors.Host.Progress;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>Runs one phase on a started engine, and measures it.</summary>
internal sealed class PhaseRun
{
    private static readonly TimeSpan MetricsTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DrainGrace = TimeSpan.FromSeconds(5);

    private readonly EngineHost _host;
    private readonly PhasePlan _plan;
    private readonly IReadOnlyList<ShardShare> _shares;
    private readonly ShardProgress[] _progress;

    public PhaseRun(EngineHost host, PhasePlan plan)
    {
        _host = host;
        _plan = plan;
        _shares = ShardShare.Divide(plan.Files, host.Engine.ShardCount, host.Engine.DispatcherId);
        _progress = [.. _shares.Select(_ => new ShardProgress())];
    }

    /// <summary>How far it is.</summary>
    public PhaseProgress Progress() => new(_plan, _progress);

    /// <summary>Runs it to its end, or until it is interrupted and has drained.</summary>
    /// <exception cref="TimeoutException">It was interrupted and did not drain in time.</exception>
    public async Task<PhaseMeasurement> RunAsync(Interruption interruption, Action begun)
    {
        var phase = _host.System.ActorOf(ActorFactory<PhaseActor>.Props(
            () => new PhaseActor(_plan, _shares, _progress, _host.Engine.Coordinator)));
        await phase.Ask<PhaseReady>(new PreparePhase());
        ProcessMemory.BeginRun();
        await _host.Engine.Metrics.Ask<EngineMetrics>(new CollectMetrics(Reset: true), MetricsTimeout);
        var cpu = CpuTime.Now();
        begun();
        var running = phase.Ask<PhaseOutcome>(new BeginPhase());
        if (await WarmUpAsync(phase, running, interruption.Token))
        {
            cpu = CpuTime.Now();
        }

        await EndInTimeAsync(phase, running, interruption.Token);
        var outcome = await FinishAsync(phase, running, interruption);
        var used = CpuTime.Now().Since(cpu);
        var peakResident = ProcessMemory.PeakResidentBytes();
        var metrics = await _host.Engine.Metrics.Ask<EngineMetrics>(new CollectMetrics(), MetricsTimeout);
        _host.System.Stop(phase);
        return new PhaseMeasurement(outcome, metrics, used, peakResident);
    }

    /// <summary>Lets the warm-up pass and has everything counted anew; false when there is none.</summary>
    private async Task<bool> WarmUpAsync(IActorRef phase, Task running, CancellationToken interrupted)
    {
        if (_plan.Settings.Warmup is not { } warmup || warmup == TimeSpan.Zero)
        {
            return false;
        }

        await Task.WhenAny(Task.Delay(warmup, interrupted), running);
        await _host.Engine.Metrics.Ask<EngineMetrics>(new CollectMetrics(Reset: true), MetricsTimeout);
        phase.Tell(new BeginMeasuring());
        return true;
    }

    /// <summary>Ends a phase that runs for a time.</summary>
    private async Task EndInTimeAsync(IActorRef phase, Task running, CancellationToken interrupted)
    {
        if (_plan.Settings.Duration is { } duration)
        {
            await Task.WhenAny(Task.Delay(duration, interrupted), running);
            if (!interrupted.IsCancellationRequested)
            {
                phase.Tell(new EndPhase());
            }
        }
    }

    private async Task<PhaseOutcome> FinishAsync(
        IActorRef phase, Task<PhaseOutcome> outcome, Interruption interruption)
    {
        var deadline = _host.Engine.Settings.Coordinator.DrainTimeout;
        try
        {
            return await outcome.WaitAsync(interruption.Token);
        }
        catch (OperationCanceledException)
        {
            // Producers stop sending and close; the drain takes care of opens that still wait, and of what hangs. It
            // comes after, so that what it turns down is known to be turned down by it.
            await StopAsync(phase);
            _ = _host.Engine.Coordinator.Ask<Drained>(new Drain(deadline));
            return await outcome.WaitAsync(deadline + DrainGrace);
        }
    }

    // A shard whose thread the disk keeps says nothing. The drain ends that.
    private static async Task StopAsync(IActorRef phase)
    {
        try
        {
            await phase.Ask<PhaseStopping>(new StopPhase(), StopPatience);
        }
        catch (Exception e) when (e is TimeoutException or AskTimeoutException)
        {
        }
    }
}
