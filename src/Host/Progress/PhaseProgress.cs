using System.Diagnostics;
using Actors.Host.Reporting;
using Actors.Host.Running;

namespace Actors.Host.Progress;

/// <summary>How far one phase of one backend is. Reading it costs the producers nothing.</summary>
internal sealed class PhaseProgress
{
    private readonly IReadOnlyList<ShardProgress> _shards;
    private readonly long _begunAt = Stopwatch.GetTimestamp();

    public PhaseProgress(PhasePlan plan, IReadOnlyList<ShardProgress> shards)
    {
        _shards = shards;
        Backend = plan.Backend;
        Phase = plan.Settings.Name;
        Units = plan.Content.UnitName + "s";
        Total = plan.TotalUnits;
        RunTime = plan.Settings.RunTime;
    }

    /// <summary>The backend.</summary>
    public string Backend { get; }

    /// <summary>The phase.</summary>
    public string Phase { get; }

    /// <summary>What is counted, in the plural.</summary>
    public string Units { get; }

    /// <summary>How many there will be; null for a phase that runs for a time.</summary>
    public long? Total { get; }

    /// <summary>How long it runs; null for one that ends when all is done.</summary>
    public TimeSpan? RunTime { get; }

    /// <summary>What there is to do, in words.</summary>
    public string Goal => Total is { } total
        ? $"{Figures.Count(total)} {Units}"
        : $"{Units} for {Figures.Seconds(RunTime!.Value.TotalSeconds)} s";

    /// <summary>The part that is done, from 0 to 1.</summary>
    public double Fraction => Math.Min(1, Total is { } total ? (double)Done / total : Elapsed / RunTime!.Value);

    /// <summary>How many are done.</summary>
    public long Done
    {
        get
        {
            var done = 0L;
            foreach (var shard in _shards)
            {
                done += shard.Units;
            }

            return done;
        }
    }

    /// <summary>Since it began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begunAt);
}
