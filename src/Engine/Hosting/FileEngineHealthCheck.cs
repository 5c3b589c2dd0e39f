using Actors.Engine.Shards;
using Akka.Actor;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Actors.Engine;

/// <summary>
/// Whether an engine works. Registered by <see cref="HealthChecksBuilderExtensions.AddFileEngine"/>, where the outcomes
/// are described.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="patience">How long its parts may take to answer.</param>
internal sealed class FileEngineHealthCheck(FileEngine engine, TimeSpan patience) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var bad = context.Registration.FailureStatus;
        var data = new Dictionary<string, object>
        {
            ["backend"] = engine.Backend,
            ["shards"] = engine.ShardCount,
        };
        var silent = await SilentShardsAsync(cancellationToken).ConfigureAwait(false);
        if (silent.Count > 0)
        {
            data["silent-shards"] = silent;
            var which = string.Join(", ", silent);
            return new HealthCheckResult(
                bad, $"Shards {which} have stopped, or are blocked for {patience.TotalSeconds:0.###} s.", null, data);
        }

        var refusing = engine.Shards.Where(shard => shard.Refusal is not null).Select(shard => shard.Index).ToList();
        if (refusing.Count > 0)
        {
            data["refusing-shards"] = refusing;
            return new HealthCheckResult(
                bad, $"Shard {refusing[0]} refuses all work: {engine.Shards[refusing[0]].Refusal}.", null, data);
        }

        EngineMetrics metrics;
        try
        {
            metrics = await engine.Metrics.Ask<EngineMetrics>(new CollectMetrics(), patience, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (AskTimeoutException e)
        {
            return new HealthCheckResult(
                bad, $"The engine's actors have not answered within {patience.TotalSeconds:0.###} s.", e, data);
        }

        return Judge(metrics, data);
    }

    private HealthCheckResult Judge(EngineMetrics metrics, Dictionary<string, object> data)
    {
        var exhausted = engine.Shards.Count(shard => shard.Buffers.HasWaiters);
        data["open-files"] = metrics.OpenFiles;
        data["open-files-max"] = engine.OpenFilesMax;
        data["queued-opens"] = metrics.QueuedOpens;
        data["poisoned-files"] = metrics.PoisonedFiles;
        data["failures"] = metrics.Failures;
        data["restarts"] = engine.Counters.Restarts;
        data["driver-replacements"] = engine.Counters.Replacements;
        data["errors"] = engine.Counters.Errors;
        data["buffer-bytes"] = engine.Shards.Sum(shard => shard.Buffers.Bytes);
        data["buffer-bytes-max"] = engine.Shards.Sum(shard => shard.Buffers.BytesMax);
        data["shards-out-of-buffers"] = exhausted;
        var complaints = new List<string>();
        if (metrics.PoisonedFiles > 0)
        {
            complaints.Add($"A sync of {metrics.PoisonedFiles} open files failed: their data may not be durable.");
        }

        if (exhausted > 0)
        {
            complaints.Add($"Files of {exhausted} shards wait for a buffer.");
        }

        if (metrics.QueuedOpens > 0)
        {
            complaints.Add($"{metrics.QueuedOpens} opens wait for a descriptor.");
        }

        return complaints.Count > 0
            ? HealthCheckResult.Degraded(string.Join(" ", complaints), null, data)
            : HealthCheckResult.Healthy($"{engine.Backend}, {metrics.OpenFiles} files open.", data);
    }

    /// <summary>The shards whose threads do not come round to a piece of work. Those that have not started are well.
    /// </summary>
    private async Task<IReadOnlyList<int>> SilentShardsAsync(CancellationToken cancellationToken)
    {
        var turns = engine.Shards
            .Where(shard => shard.Loop.IsStarted)
            .Select(shard => (shard.Index, Turned: shard.Loop.HasEnded ? null : LoopTurn.Of(shard.Loop)))
            .ToList();
        try
        {
            await Task.WhenAll(turns.Select(turn => turn.Turned ?? Task.CompletedTask))
                .WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whose it was is looked up.
        }

        // A relieved shard answers, by a substitute, and nothing of its files goes on.
        return
        [
            .. turns.Where(turn => turn.Turned is not { IsCompleted: true } || engine.Shards[turn.Index].Loop.IsRelieved)
                .Select(turn => turn.Index),
        ];
    }
}
