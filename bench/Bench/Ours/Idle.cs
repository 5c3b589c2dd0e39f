using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Engine;
using Akka.Actor;

namespace Actors.Bench.Ours;

/// <summary>An actor system that has nothing to do, with an engine that has a file open, or without one.</summary>
internal sealed class Idle : IWarmRunner
{
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    private readonly ActorSystem _system;
    private readonly TimeSpan _time;
    private readonly bool _hasEngine;
    private bool _isOpen;

    /// <param name="time">How long to look at it.</param>
    /// <param name="settings">The engine's; null for a system without one.</param>
    public Idle(TimeSpan time, string[]? settings)
    {
        _time = time;
        _hasEngine = settings is not null;
        _system = ActorSystem.Create(
            "idle", QuietAkka.Config.WithFallback(Shipped.Load("seed", settings ?? []).Configuration));
    }

    public async Task<Measurement> RunAsync(string directory)
    {
        if (_hasEngine && !_isOpen)
        {
            await OpenAsync(Path.Combine(directory, "idle.txt"));
        }

        await Task.Delay(Settling);
        var meter = Meter.Start();
        await Task.Delay(_time);
        return meter.Stop(new Dictionary<string, double>());
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    // A shard has been awake and has gone to sleep again. Without a limit of time, for that would have Akka's scheduler
    // tick for the rest of the process.
    private async Task OpenAsync(string path)
    {
        _isOpen = true;
        await _system.FileEngine().Coordinator.Ask<Opened>(new Open(path, OpenMode.Write), Timeout.InfiniteTimeSpan);
    }
}
